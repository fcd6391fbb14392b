from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import mail
from accounts.audit import record
from accounts.models import User
from judging.models import Assignment, Entry, Publication, Ranking, Stage, Standing
from judging.queries.law import code_version, entries_of, latest_ranking, law_of, next_stage
from judging.ranking import Line, RuleError, canonical_inputs, law_to_plain, rank_entries
from judging.ranking.numbers import plain
from judging.services.locks import lock_stage, refusal
from judging.workflow import STAGE_FLOW, PublicationStatus, StageMove, StageStatus


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
    return frozen


def _freeze(stage: Stage, *, by: User, at: datetime) -> Ranking:
    try:
        law = law_of(stage)
        inputs = entries_of(stage, law)
        computed = rank_entries(law, inputs)
    except RuleError as error:
        raise refusal(error) from error
    last = latest_ranking(stage)
    frozen = Ranking.objects.create(
        stage=stage,
        version=last.version + 1 if last else 1,
        law=law_to_plain(law),
        inputs=json.loads(canonical_inputs(law, inputs)),
        inputs_hash=computed.inputs_hash,
        code_version=code_version(),
        frozen_at=at,
        frozen_by=by,
    )
    entries = {each.submission.receipt: each for each in stage.entries.select_related("submission")}
    Standing.objects.bulk_create(
        standing_of(frozen, line, order=order, entries=entries)
        for order, line in enumerate(computed.lines, start=1)
    )
    return frozen


def standing_of(
    frozen: Ranking, line: Line, *, order: int, entries: Mapping[str, Entry]
) -> Standing:
    return Standing(
        ranking=frozen,
        entry=entries[line.key],
        order=order,
        rank=line.rank,
        place=line.place,
        stage_score=line.stage_score,
        score=line.cumulative,
        readings=len(line.totals),
        totals={judge: plain(total) for judge, total in line.totals},
        advances=line.advances,
        tiers=list(line.tiers),
        tie=line.tie or "",
        decision=line.decision.value,
        unranked=line.unranked.value if line.unranked else "",
    )


@transaction.atomic
def reopen_stage(stage: Stage, *, reason: str, by: User, at: datetime) -> Stage:
    """Let the judges score again; the frozen ranking stays and the next close makes a new one."""
    if not reason.strip():
        raise ValidationError(_("Write why the stage is opened again."), code="reason")
    locked = lock_stage(stage)
    STAGE_FLOW.check(locked.status, StageMove.REOPEN)
    later = next_stage(locked)
    if later is not None and later.status != StageStatus.SETUP:
        raise ValidationError(
            _("The next stage was opened from this result."), code="next_stage_open"
        )
    if Publication.objects.filter(
        ranking__stage=locked, status=PublicationStatus.PROPOSED
    ).exists():
        raise ValidationError(
            _("A publication of this result waits for its release. Withdraw it first."),
            code="proposed",
        )
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
