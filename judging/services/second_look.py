from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from judging.models import Stage
from judging.queries.law import latest_ranking
from judging.queries.second_look import SecondLook, plan_second_look
from judging.services.filling import hand_out
from judging.services.freezing import refuse_bound, refuse_sitting
from judging.services.locks import lock_stage, refusal
from judging.workflow import STAGE_FLOW, StageMove


@transaction.atomic
def take_second_look(stage: Stage, *, fingerprint: str, by: User, at: datetime) -> SecondLook:
    """Open the stage again for the further readings that its law names, and for them alone.

    `fingerprint` is that of the plan that the chair was shown. The first ranking stays; the next
    close ranks all readings.
    """
    locked = lock_stage(stage)
    STAGE_FLOW.check(locked.status, StageMove.REOPEN)
    refuse_bound(locked)
    refuse_sitting(locked)
    frozen = latest_ranking(locked)
    assert frozen is not None  # noqa: S101 - a closed stage has a ranking
    look = plan_second_look(locked, frozen=frozen, at=at)
    if look.problems:
        raise refusal(look.problems[0])
    if look.filling.fingerprint != fingerprint:
        raise ValidationError(
            _("The plan of the second look has changed meanwhile. Look at the new one."),
            code="stale",
        )
    STAGE_FLOW.advance(locked, StageMove.REOPEN, closed_at=None, second_look_at=at)
    hand_out(locked, look.filling.readings, occasion=fingerprint, at=at)
    record(
        by,
        "stage.second_look",
        locked,
        at=at,
        reason=_("By the rule of the law: %(entries)d entries, %(readings)d further readings.")
        % {"entries": len(look.picked), "readings": len(look.filling.readings)},
        entries=[each.entry.submission.receipt for each in look.picked],
        of_version=frozen.version,
    )
    return look
