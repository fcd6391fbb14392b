"""A run of the law, kept for ever: rankings are added, never changed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from accounts.models import User
from judging import ranking
from judging.models import Publication, Ranking, Stage
from judging.queries.law import code_version, latest_ranking, next_stage
from judging.queries.minutes import session_of
from judging.ranking import Law, Line, law_to_plain, rank_entries
from judging.ranking.numbers import plain
from judging.workflow import PublicationStatus, StageStatus

INSERT_STANDINGS = """
    INSERT INTO judging_standing (
        ranking_id, entry_id, "order", rank, place, stage_score, score, readings, totals,
        advances, tiers, tie, decision, unranked
    )
    SELECT
        %(ranking)s, entry.id, line."order", line.rank, line.place, line.stage_score, line.score,
        line.readings, line.totals, line.advances, line.tiers, line.tie, line.decision,
        line.unranked
    FROM jsonb_to_recordset(%(rows)s) AS line (
        receipt text, "order" integer, rank integer, place integer, stage_score numeric,
        score numeric, readings smallint, totals jsonb, advances boolean, tiers text[], tie text,
        decision text, unranked text
    )
    JOIN proposals_submission submission ON submission.receipt = line.receipt
    JOIN judging_entry entry
        ON entry.submission_id = submission.id AND entry.stage_id = %(stage)s
    ORDER BY line."order"
"""


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
        inputs=computed.inputs.decode(),
        inputs_hash=computed.inputs_hash,
        code_version=code_version(),
        session=session_of(stage),
        frozen_at=at,
        frozen_by=by,
    )
    _write_standings(frozen, computed.lines)
    return frozen


def _write_standings(frozen: Ranking, lines: Sequence[Line]) -> None:
    """All lines in one statement, and the database finds each receipt's entry."""
    rows = [_row_of(line, order=order) for order, line in enumerate(lines, start=1)]
    with connection.cursor() as cursor:
        cursor.execute(
            INSERT_STANDINGS,
            {"ranking": frozen.pk, "stage": frozen.stage_id, "rows": json.dumps(rows)},
        )
        if cursor.rowcount != len(rows):
            raise AssertionError("A line without its entry.")


def _row_of(line: Line, *, order: int) -> dict[str, object]:
    return {
        "receipt": line.key,
        "order": order,
        "rank": line.rank,
        "place": line.place,
        "stage_score": None if line.stage_score is None else plain(line.stage_score),
        "score": None if line.cumulative is None else plain(line.cumulative),
        "readings": len(line.totals),
        "totals": {judge: plain(total) for judge, total in line.totals},
        "advances": line.advances,
        "tiers": line.tiers,
        "tie": line.tie or "",
        "decision": line.decision,
        "unranked": line.unranked or "",
    }


def refuse_bound(stage: Stage) -> None:
    """Refuse to touch a result that a later stage or a proposed publication rests on."""
    later = next_stage(stage)
    if later is not None and later.status != StageStatus.SETUP:
        raise ValidationError(
            _("The next stage was opened from this result."), code="next_stage_open"
        )
    resting = Publication.objects.filter(ranking__stage=stage)
    if resting.filter(status=PublicationStatus.PROPOSED).exists():
        raise ValidationError(
            _("A publication of this result waits for its release. Withdraw it first."),
            code="proposed",
        )
    if resting.filter(status=PublicationStatus.RELEASED).exists():
        raise ValidationError(
            _("A version of this result is released and waits for its hour. Withdraw it first."),
            code="proposed",
        )
