from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts import mail
from accounts.audit import record
from accounts.models import User
from judging.assigning import reading_order
from judging.models import Assignment, Panelist, Stage
from judging.queries.filling import Filling, NewReading, plan_filling
from judging.services.locks import lock_stage
from judging.workflow import StageStatus


@transaction.atomic
def fill_readings(stage: Stage, *, fingerprint: str, by: User, at: datetime) -> Filling:
    """Offer the readings that fell free to other judges; sheets that judges have stay theirs.

    `fingerprint` is that of the plan that the committee was shown.
    """
    locked = lock_stage(stage)
    if locked.status != StageStatus.OPEN:
        raise ValidationError(_("Readings are handed out while the stage is open."), code="not_now")
    filling = plan_filling(locked, at=at)
    if filling.fingerprint != fingerprint:
        raise ValidationError(
            _("The missing readings have changed meanwhile. Look at the new plan."), code="stale"
        )
    if not filling.readings:
        raise ValidationError(_("No reading can be added."), code="nothing_missing")
    hand_out(locked, filling.readings, occasion=fingerprint, at=at)
    counts = Counter(each.panelist for each in filling.readings)
    record(
        by,
        "stage.readings_filled",
        locked,
        at=at,
        name=", ".join(f"{panelist}: {count}" for panelist, count in counts.items()),
        pairs=[[each.panelist.pk, each.entry.pk] for each in filling.readings],
    )
    return filling


def hand_out(stage: Stage, readings: Iterable[NewReading], *, occasion: str, at: datetime) -> None:
    """Give every judge the new sheets, and tell each of them once for this occasion."""
    added: dict[Panelist, list[NewReading]] = defaultdict(list)
    for each in readings:
        added[each.panelist].append(each)
    for panelist, own in added.items():
        _add_sheets(stage, panelist, own, at=at)
        _tell(stage, panelist, count=len(own), occasion=occasion, at=at)


def _add_sheets(
    stage: Stage, panelist: Panelist, readings: Sequence[NewReading], *, at: datetime
) -> None:
    """New sheets come after those that the judge has, in an order drawn for the judge."""
    last = panelist.assignments.aggregate(last=Max("position"))["last"] or 0
    by_receipt = {each.entry.submission.receipt: each for each in readings}
    order = reading_order(str(panelist.pk), by_receipt, seed=stage.seed)
    Assignment.objects.bulk_create(
        Assignment(
            entry=by_receipt[receipt].entry,
            panelist=panelist,
            reason=by_receipt[receipt].reason,
            position=position,
            assigned_at=at,
        )
        for position, receipt in enumerate(order, start=last + 1)
    )


def _tell(stage: Stage, panelist: Panelist, *, count: int, occasion: str, at: datetime) -> None:
    mail.send_later(
        "judging_readings_added",
        panelist.user,
        dedupe_key=f"judging.filled:{stage.pk}:{panelist.pk}:{occasion}",
        at=at,
        context={
            "stage": stage,
            "competition": stage.competition,
            "entry_count": count,
            "ends_at": stage.round.ends_at,
        },
        about=stage,
    )
