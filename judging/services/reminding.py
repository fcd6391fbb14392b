from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import mail
from accounts.audit import record, trail_of
from accounts.models import User
from judging.models import Assignment, Panelist, Stage
from judging.queries.forecasting import PAUSE, REMINDED, forecast_of


@transaction.atomic
def remind_judge(panelist: Panelist, *, by: User, at: datetime) -> None:
    """Ask a judge for the open scorecards, at most once a day."""
    open_count = Assignment.objects.owed().filter(panelist=panelist).count()
    if not open_count:
        raise ValidationError(_("This judge has submitted everything."), code="nothing_open")
    stage = panelist.stage
    Panelist.objects.select_for_update().get(pk=panelist.pk)
    if _was_reminded(panelist, at=at):
        raise ValidationError(
            _("A reminder went out within the last day. Give them time."), code="too_soon"
        )
    mail.send_later(
        "judging_sheets_open",
        panelist.user,
        dedupe_key=f"judging.remind:{panelist.pk}:{at.timestamp():.0f}",
        at=at,
        context={
            "stage": stage,
            "competition": stage.competition,
            "open_count": open_count,
            "ends_at": stage.round.ends_at,
        },
        about=stage,
        expires_at=max(stage.round.ends_at, at) if stage.round.ends_at > at else None,
    )
    record(by, REMINDED, stage, at=at, panelist=panelist.pk, open=open_count)


def _was_reminded(panelist: Panelist, *, at: datetime) -> bool:
    told = trail_of(panelist.stage).filter(action=REMINDED, at__gt=at - PAUSE)
    return told.filter(data__panelist=panelist.pk).exists()


def remind_behind(stage: Stage, *, by: User, at: datetime) -> int:
    """Ask everybody on the chase list who was not asked within the last day; how many that were."""
    count = 0
    late = [judge.pk for judge in forecast_of(stage, at=at).behind if not judge.was_reminded]
    for panelist in Panelist.objects.select_related("user", "stage__round").filter(pk__in=late):
        with suppress(ValidationError):  # done, or asked by somebody else meanwhile
            remind_judge(panelist, by=by, at=at)
            count += 1
    return count
