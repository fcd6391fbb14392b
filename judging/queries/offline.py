"""A judge's own scorecards of a stage, as rows of a workbook."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef

from competitions.roles import Actor
from judging.models import Assignment, Conflict, Criterion, Score, Stage
from judging.offline import (
    NUMBER,
    STATE,
    TITLE,
    TRACE,
    UNIT,
    WHOLE,
    OwnSheet,
    Question,
    State,
    filled_with,
    heads_of,
    questions_of,
    scale_words,
)
from judging.workflow import AssignmentStatus
from kipp.lib.formsheets import Cell, Column, Line, write_form_sheet

Saved = dict[str, tuple[Decimal | None, str]]
WIDTHS = {NUMBER: 6, TITLE: 42, UNIT: 28, STATE: 18, WHOLE: 40, TRACE: 26}
# A longer list is no help; then any number of the scale may be typed.
MAX_CHOICES = 1001
# In the language of the sheets' other heads.
STATE_WORDS = {
    State.OPEN: "dapat diisi",
    State.UNDECLARED: "nyatakan dulu di portal",
    State.SUBMITTED: "sudah dikirim",
}


def stage_questions(stage: Stage) -> list[Question]:
    return questions_of([(each.key, each.label) for each in stage.criteria.all()])


def own_sheets(actor: Actor, stage: Stage, *, questions: Sequence[Question]) -> dict[int, OwnSheet]:
    """By the number of the scorecard, in the judge's order; also those that cannot be filled in."""
    barring = Conflict.objects.filter(panelist=OuterRef("panelist"), entry=OuterRef("entry"))
    own = Assignment.objects.visible_to(actor).filter(entry__stage=stage)
    saved = _saved(actor, stage)
    rows = own.order_by("position", "pk").values(
        "pk",
        "version",
        "position",
        "status",
        "declared_at",
        "comment",
        is_barred=Exists(barring),
        title=F("entry__submission__title"),
        unit=F("entry__submission__unit_name"),
    )
    return {row["pk"]: _sheet_of(row, saved[row["pk"]], questions=questions) for row in rows}


def workbook_of(actor: Actor, stage: Stage) -> bytes:
    """One row for each scorecard that the judge has not stepped back from."""
    questions = stage_questions(stage)
    sheets = own_sheets(actor, stage, questions=questions)
    lines = [
        Line(_cells(sheet, questions), is_open=sheet.state is State.OPEN)
        for sheet in sheets.values()
        if sheet.state is not State.BARRED
    ]
    return write_form_sheet(_columns(stage, questions), lines, title="Lembar nilai")


def _saved(actor: Actor, stage: Stage) -> dict[int, Saved]:
    found: dict[int, Saved] = defaultdict(dict)
    sheets = Assignment.objects.visible_to(actor).filter(entry__stage=stage)
    own = Score.objects.filter(assignment__in=sheets).order_by()
    for pk, key, value, comment in own.values_list(
        "assignment_id", "criterion__key", "value", "comment"
    ):
        found[pk][key] = (value, comment)
    return found


def _sheet_of(row: Mapping[str, Any], saved: Saved, *, questions: Sequence[Question]) -> OwnSheet:
    return OwnSheet(
        pk=row["pk"],
        version=row["version"],
        position=row["position"],
        title=row["title"],
        unit=row["unit"],
        state=_state_of(row),
        filled=filled_with(saved, comment=row["comment"], questions=questions),
    )


def _state_of(row: Mapping[str, Any]) -> State:
    if row["is_barred"] or row["status"] == AssignmentStatus.RECUSED:
        return State.BARRED
    if row["status"] == AssignmentStatus.SUBMITTED:
        return State.SUBMITTED
    return State.OPEN if row["declared_at"] else State.UNDECLARED


def _cells(sheet: OwnSheet, questions: Sequence[Question]) -> list[Cell]:
    filled = sheet.filled
    cells: list[Cell] = [str(sheet.position), sheet.title, sheet.unit, STATE_WORDS[sheet.state]]
    for each in questions:
        value = filled.values[each.key]
        cells.append(Decimal(value) if value else None)
        if each.comment_head:
            cells.append(filled.comments[each.key])
    return [*cells, filled.comment, sheet.trace]


def _columns(stage: Stage, questions: Sequence[Question]) -> list[Column]:
    scale = stage.scale
    is_short = scale.count <= MAX_CHOICES
    hints = {each.key: _hint(each, stage) for each in stage.criteria.all()}
    columns: dict[str, Column] = {
        each.head: Column(
            head=each.head,
            width=14,
            is_open=True,
            choices=tuple(scale.marks()) if is_short else (),
            ends=None if is_short else (scale.low, scale.high),
            hint=hints[each.key],
        )
        for each in questions
    }
    return [columns.get(head) or _text_column(head) for head in heads_of(questions)]


def _text_column(head: str) -> Column:
    is_comment = head == WHOLE or head not in WIDTHS
    return Column(head=head, width=WIDTHS.get(head, 30), is_open=is_comment)


def _hint(criterion: Criterion, stage: Stage) -> str:
    """What Excel shows beside the cell: the scale, then the labelled levels."""
    scale = "{low} - {high} (kelipatan {step})".format(**scale_words(stage.scale))
    levels = [f"{level['value']} = {level['label']}" for level in criterion.levels]
    return "\n".join([scale, *levels])
