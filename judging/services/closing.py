from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import mail
from accounts.audit import record
from accounts.models import User
from judging.models import Assignment, Ranking, Stage
from judging.queries.law import entries_of, law_of
from judging.ranking import RuleError
from judging.services.freezing import freeze_ranking, refuse_bound, refuse_sitting
from judging.services.locks import lock_stage, refusal
from judging.services.minutes import note_difference
from judging.workflow import STAGE_FLOW, StageMove
from kipp.lib.collecting import collecting_later


@transaction.atomic
def close_stage(stage: Stage, *, missing_accepted: int = 0, by: User, at: datetime) -> Ranking:
    """End the scoring and freeze the ranking, in one piece.

    `missing_accepted` is the number of open scorecards that the chair was shown and agreed to
    leave out; if more are open by now, nothing happens.
    """
    locked = lock_stage(stage)
    STAGE_FLOW.check(locked.status, StageMove.CLOSE)
    missing = Assignment.objects.filter(entry__stage=locked).owed().count()
    if missing > missing_accepted:
        raise ValidationError(
            ngettext(
                "%(count)s scorecard is not submitted. Confirm that it will not count.",
                "%(count)s scorecards are not submitted. Confirm that they will not count.",
                missing,
            ),
            code="missing",
            params={"count": missing},
        )
    frozen = _freeze(locked, by=by, at=at)
    STAGE_FLOW.advance(locked, StageMove.CLOSE, closed_at=at)
    record(
        by,
        "stage.closed",
        locked,
        at=at,
        missing=missing,
        ranking=frozen.version,
        inputs_hash=frozen.inputs_hash,
    )
    note_difference(frozen, by=by, at=at)
    return frozen


@collecting_later()
def _freeze(stage: Stage, *, by: User, at: datetime) -> Ranking:
    try:
        law = law_of(stage)
        inputs = entries_of(stage, law)
        return freeze_ranking(stage, law=law, inputs=inputs, by=by, at=at)
    except RuleError as error:
        raise refusal(error) from error


@transaction.atomic
def reopen_stage(stage: Stage, *, reason: str, by: User, at: datetime) -> Stage:
    """Let the judges score again; the frozen ranking stays and the next close makes a new one."""
    if not reason.strip():
        raise ValidationError(_("Write why the stage is opened again."), code="reason")
    locked = lock_stage(stage)
    STAGE_FLOW.check(locked.status, StageMove.REOPEN)
    refuse_bound(locked)
    refuse_sitting(locked)
    STAGE_FLOW.advance(locked, StageMove.REOPEN, closed_at=None)
    _tell_panel(locked, reason=reason.strip(), at=at)
    record(by, "stage.reopened", locked, at=at, reason=reason.strip())
    return locked


def _tell_panel(stage: Stage, *, reason: str, at: datetime) -> None:
    for panelist in stage.panel.select_related("user"):
        mail.send_later(
            "judging_stage_reopened",
            panelist.user,
            dedupe_key=f"judging.reopened:{stage.pk}:{stage.version}:{panelist.pk}",
            at=at,
            context={"stage": stage, "competition": stage.competition, "reason": reason},
            about=stage,
        )
