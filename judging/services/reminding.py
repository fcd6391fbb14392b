from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import mail
from accounts.audit import record
from accounts.models import User
from judging.models import Assignment, Panelist


@transaction.atomic
def remind_judge(panelist: Panelist, *, by: User, at: datetime) -> None:
    """Ask a judge for the open scorecards, at most once a day."""
    open_count = Assignment.objects.owed().filter(panelist=panelist).count()
    if not open_count:
        raise ValidationError(_("This judge has submitted everything."), code="nothing_open")
    stage = panelist.stage
    mail.send_later(
        "judging_sheets_open",
        panelist.user,
        dedupe_key=f"judging.remind:{panelist.pk}:{at.date()}",
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
    record(by, "judge.reminded", stage, at=at, panelist=panelist.pk, open=open_count)
