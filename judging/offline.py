"""A judge's scorecards as a workbook: its columns, and what was changed in it. Pure.

A row carries a trace: which sheet it is, from which version, and a digest of its cells as they were
written. So a row that nobody touched says nothing, however old it is, and one that was touched is
held against what its judge saw.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext as _

from accounts.importing import Check, Problem
from judging.marks import Scale, read_mark
from judging.ranking.numbers import plain
from kipp.lib.sheets import MAX_COLUMNS, Row

NUMBER, TITLE, UNIT, STATE, WHOLE, TRACE = "no", "judul", "unit", "keadaan", "catatan umum", "jejak"
FIXED = (NUMBER, TITLE, UNIT, STATE, WHOLE, TRACE)
COMMENT_MAX = 5000
TRACED = re.compile(r"(?P<pk>[0-9]{1,18})-(?P<version>[0-9]{1,9})-(?P<digest>[0-9a-f]{12})")


class State(StrEnum):
    OPEN = "open"
    UNDECLARED = "undeclared"
    SUBMITTED = "submitted"
    BARRED = "barred"


@dataclass(frozen=True, slots=True)
class Question:
    """`comment_head` is empty where the workbook has no room for it."""

    key: str
    label: str
    head: str
    comment_head: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What stands in one row, in one spelling each: numbers plain, texts without double spaces."""

    values: Mapping[str, str]
    comments: Mapping[str, str]
    comment: str

    @property
    def digest(self) -> str:
        text = json.dumps([self.values, self.comments, self.comment], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSheet:
    """One of the judge's scorecards as the portal has it."""

    pk: int
    version: int
    position: int
    title: str
    unit: str
    state: State
    filled: Filled

    @property
    def trace(self) -> str:
        return f"{self.pk}-{self.version}-{self.filled.digest}"


@dataclass(frozen=True, slots=True)
class CellChange:
    cell: str
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowChange:
    """What one row would write; `missing`: the criteria that stay without a value."""

    row: int
    pk: int
    version: int
    position: int
    title: str
    values: Mapping[str, Decimal | None]
    comments: Mapping[str, str]
    comment: str | None
    cells: tuple[CellChange, ...]
    missing: tuple[str, ...]


@dataclass(slots=True)
class _Reader:
    own: Mapping[int, OwnSheet]
    questions: Sequence[Question]
    scale: Scale
    check: Check
    seen: set[int] = field(default_factory=set)


def questions_of(criteria: Sequence[tuple[str, str]]) -> list[Question]:
    """By key and label. Equal labels get their keys; comments only while there is room."""
    counts = Counter(label for _key, label in criteria)
    has_room = 2 * len(criteria) + len(FIXED) <= MAX_COLUMNS
    named = [(key, label if counts[label] == 1 else f"{label} ({key})") for key, label in criteria]
    return [
        Question(key, name, f"nilai: {name}", f"catatan: {name}" if has_room else "")
        for key, name in named
    ]


def heads_of(questions: Sequence[Question]) -> list[str]:
    heads = [head for each in questions for head in (each.head, each.comment_head) if head]
    return [NUMBER, TITLE, UNIT, STATE, *heads, WHOLE, TRACE]


def filled_with(
    saved: Mapping[str, tuple[Decimal | None, str]],
    *,
    comment: str,
    questions: Sequence[Question],
) -> Filled:
    """A row as the portal would write it; `saved`: value and comment by the criterion's key."""
    given = {each.key: saved.get(each.key, (None, "")) for each in questions}
    return Filled(
        values={
            key: "" if value is None else plain(value) for key, (value, _text) in given.items()
        },
        comments={each.key: _flat(given[each.key][1]) for each in questions if each.comment_head},
        comment=_flat(comment),
    )


def check_offline(
    rows: Sequence[Row],
    own: Mapping[int, OwnSheet],
    *,
    questions: Sequence[Question],
    scale: Scale,
) -> tuple[list[RowChange], list[Problem]]:
    """What the judge changed, or every reason why nothing of it can be taken."""
    check = Check()
    check.begin(rows)
    reader = _Reader(own, questions, scale, check)
    changes = [change for row in rows if (change := _read_row(row, reader))]
    return changes, sorted(check.problems, key=lambda problem: problem.place)


def _read_row(row: Row, reader: _Reader) -> RowChange | None:
    trace = TRACED.fullmatch(row.values[TRACE])
    if trace is None:
        lost = _("The trace of this row was changed. Download a new sheet and copy your values.")
        reader.check.refuse(row.number, lost, head=TRACE)
        return None
    filled = _filled_in(row, reader)
    sheet = reader.own.get(int(trace["pk"]))
    if filled.digest == trace["digest"] or (sheet and filled == sheet.filled):
        return None
    if sheet is None:
        stranger = _("This entry is not assigned to you in this stage.")
        reader.check.refuse(row.number, stranger, head=TITLE)
        return None
    count = len(reader.check.problems)
    _check_place(row, sheet, version=int(trace["version"]), reader=reader)
    change = _change_of(row, sheet, filled, reader=reader)
    return change if len(reader.check.problems) == count else None


def _check_place(row: Row, sheet: OwnSheet, *, version: int, reader: _Reader) -> None:
    check = reader.check
    if row.values[NUMBER] != str(sheet.position):
        mixed = _("The number does not belong to this row's trace. Do not sort or move cells.")
        check.refuse(row.number, mixed, head=NUMBER)
    if sheet.pk in reader.seen:
        check.refuse(row.number, _("This entry stands in the file twice."), head=TITLE)
    reader.seen.add(sheet.pk)
    if sheet.state is not State.OPEN:
        check.refuse(row.number, _blocked(sheet.state), head=STATE)
    elif sheet.version != version:
        stale = _(
            "This scorecard was changed on the portal after the download. Download a new sheet, or"
            " enter the values on the portal."
        )
        check.refuse(row.number, stale, head=TRACE)


def _blocked(state: State) -> str:
    return {
        State.UNDECLARED: _("Declare on the portal first that you have no conflict of interest."),
        State.SUBMITTED: _("This scorecard is handed in. Open it again on the portal first."),
        State.BARRED: _(
            "You stepped back from this entry, or a conflict of interest is on record."
        ),
    }[state]


def _filled_in(row: Row, reader: _Reader) -> Filled:
    return Filled(
        values={each.key: _spelt(row.values[each.head]) for each in reader.questions},
        comments={
            each.key: _flat(row.values[each.comment_head])
            for each in reader.questions
            if each.comment_head
        },
        comment=_flat(row.values[WHOLE]),
    )


def _change_of(row: Row, sheet: OwnSheet, filled: Filled, *, reader: _Reader) -> RowChange:
    cells: list[CellChange] = []
    before = sheet.filled
    for each in reader.questions:
        _note(cells, row, each.head, before.values[each.key], filled.values[each.key])
        if each.comment_head:
            was, now = before.comments[each.key], filled.comments[each.key]
            _note(cells, row, each.comment_head, was, now)
    _note(cells, row, WHOLE, before.comment, filled.comment)
    changed = {cell.name for cell in cells}
    values = {
        each.key: _read_value(row, each, reader)
        for each in reader.questions
        if each.head in changed
    }
    comments = {
        each.key: _read_text(row, each.comment_head, reader)
        for each in reader.questions
        if each.comment_head in changed
    }
    comment = _read_text(row, WHOLE, reader) if WHOLE in changed else None
    return RowChange(
        row=row.number,
        pk=sheet.pk,
        version=sheet.version,
        position=sheet.position,
        title=sheet.title,
        values=values,
        comments=comments,
        comment=comment,
        cells=tuple(cells),
        missing=tuple(each.label for each in reader.questions if not filled.values[each.key]),
    )


def _note(cells: list[CellChange], row: Row, head: str, before: str, after: str) -> None:
    if before != after:
        letter = row.letters.get(head, "")
        cells.append(CellChange(f"{letter}{row.number}", head, before, after))


def _read_value(row: Row, question: Question, reader: _Reader) -> Decimal | None:
    text = row.values[question.head]
    if not text:
        return None
    mark = read_mark(text)
    if mark is not None and reader.scale.allows(mark):
        return mark
    shown = {"text": text[:40], "name": question.label, **scale_words(reader.scale)}
    told = _(
        "“%(text)s” for %(name)s: give a number from %(low)s to %(high)s in steps of %(step)s."
    )
    if text.startswith("="):
        told = _("%(name)s holds a formula. Write the number itself, from %(low)s to %(high)s.")
    reader.check.refuse(row.number, told % shown, head=question.head)
    return None


def _read_text(row: Row, head: str, reader: _Reader) -> str:
    text = row.values[head]
    if text.startswith("="):
        formula = _("%(column)s begins like a formula. Remove the first sign.")
        reader.check.refuse(row.number, formula % {"column": head}, head=head)
    if len(text) > COMMENT_MAX:
        long = _("%(column)s is longer than %(limit)s characters.")
        told = long % {"column": head, "limit": COMMENT_MAX}
        reader.check.refuse(row.number, told, head=head)
    return text


def scale_words(scale: Scale) -> dict[str, str]:
    ends = {"low": scale.low, "high": scale.high, "step": scale.step}
    return {name: plain(value).replace(".", ",") for name, value in ends.items()}


def _spelt(text: str) -> str:
    mark = read_mark(text)
    return text if mark is None else plain(mark)


def _flat(text: str) -> str:
    return " ".join(text.split())
