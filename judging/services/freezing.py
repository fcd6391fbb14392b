"""A run of the law, kept for ever: rankings are added, never changed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from judging import ranking
from judging.models import Entry, Publication, Ranking, Stage, Standing
from judging.queries.law import code_version, latest_ranking, next_stage
from judging.queries.minutes import session_of
from judging.ranking import Law, Line, law_to_plain, rank_entries
from judging.ranking.numbers import plain
from judging.workflow import PublicationStatus, StageStatus


def freeze_ranking(
    stage: Stage, *, law: Law, inputs: Sequence[ranking.Entry], by: User, at: datetime
) -> Ranking:
    """Rank and keep inputs and outcome as the stage's next version; raises `RuleError`."""
    computed = rank_entries(law, inputs)
    last = latest_ranking(stage)
    frozen = Ranking.objects.create(
        stage=stage,
        version=last.version + 1 if last else 1,
        law=law_to_plain(law),
        inputs=json.loads(computed.inputs),
        inputs_hash=computed.inputs_hash,
        code_version=code_version(),
        session=session_of(stage),
        frozen_at=at,
        frozen_by=by,
    )
    entries = {
        each.submission.receipt: each
        for each in stage.entries.select_related("submission").defer("submission__content")
    }
    Standing.objects.bulk_create(
        _standing_of(frozen, line, order=order, entries=entries)
        for order, line in enumerate(computed.lines, start=1)
    )
    return frozen


def _standing_of(
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


def refuse_bound(stage: Stage) -> None:
    """Refuse to touch a result that a later stage or a proposed publication rests on."""
    later = next_stage(stage)
    if later is not None and later.status != StageStatus.SETUP:
        raise ValidationError(
            _("The next stage was opened from this result."), code="next_stage_open"
        )
    if Publication.objects.filter(ranking__stage=stage, status=PublicationStatus.PROPOSED).exists():
        raise ValidationError(
            _("A publication of this result waits for its release. Withdraw it first."),
            code="proposed",
        )
