"""The scorecards of one entry as the committee reads them, and only once its stage is closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from accounts.history import Line
from judging.models import Assignment, Criterion, Entry
from judging.queries.trail import histories_of
from judging.workflow import AssignmentStatus
from kipp.lib.numbers import show_number

TONES = {
    AssignmentStatus.PENDING: "wait",
    AssignmentStatus.SUBMITTED: "ok",
    AssignmentStatus.RECUSED: "info",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRow:
    label: str
    weight: str
    value: str
    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What was not handed in stays the judge's own: no row, no comment, no total."""

    judge: str
    status: str
    tone: str
    total_text: str
    rows: Sequence[CardRow]
    comment: str
    history: Sequence[Line]


def cards_of(entry: Entry) -> list[Card]:
    """By the judges' names. Expects `entry.stage` to be loaded."""
    sheets = list(
        entry.assignments.select_related("panelist__user")
        .prefetch_related("scores")
        .order_by("panelist__user__full_name", "pk")
    )
    criteria, histories = list(entry.stage.criteria.all()), histories_of(sheets)
    return [_card(sheet, criteria, history=histories[sheet.pk]) for sheet in sheets]


def _card(sheet: Assignment, criteria: Sequence[Criterion], *, history: Sequence[Line]) -> Card:
    is_given = sheet.status == AssignmentStatus.SUBMITTED
    return Card(
        judge=str(sheet.panelist.user),
        status=str(AssignmentStatus(sheet.status).label),
        tone=TONES[AssignmentStatus(sheet.status)],
        total_text=_number(sheet.total),
        rows=_rows(sheet, criteria) if is_given else [],
        comment=sheet.comment if is_given else "",
        history=history,
    )


def _rows(sheet: Assignment, criteria: Sequence[Criterion]) -> list[CardRow]:
    given = {score.criterion_id: score for score in sheet.scores.all()}
    return [
        CardRow(
            label=str(criterion),
            weight=show_number(criterion.weight),
            value=_number(given[criterion.pk].value) if criterion.pk in given else "",
            comment=given[criterion.pk].comment if criterion.pk in given else "",
        )
        for criterion in criteria
    ]


def _number(value: Decimal | None) -> str:
    return "" if value is None else show_number(value)
