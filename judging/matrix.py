"""Totals from paper: rows are proposals, columns judges, a cell is what the judge gave. Pure.

An empty cell: did not score, and is still missing. An `s`: stepped back, as juries write it for a
judge who taught the contestant. A total that the portal has already is told apart as a correction
and never taken away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext as _

from accounts.importing import Check, Problem
from judging.marks import Scale, read_mark
from judging.offline import scale_words
from judging.ranking.numbers import plain
from kipp.lib.sheets import Row
from kipp.lib.text import folded

RECEIPT, TITLE, UNIT = "tanda terima", "judul", "unit"
STEPPED_BACK = "s"


class Held(StrEnum):
    """What the portal has for one judge and one entry."""

    OPEN = "open"
    SCORED = "scored"
    RECUSED = "recused"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Seat:
    pk: int
    head: str


@dataclass(frozen=True, slots=True)
class Place:
    """`total` where there is one; `pk` of the scorecard, 0 where the judge has none."""

    held: Held
    pk: int = 0
    total: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """The stage as the sheet is held against it; `places` by receipt and seat."""

    titles: Mapping[str, str]
    seats: Sequence[Seat]
    places: Mapping[tuple[str, int], Place]
    scale: Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTotal:
    """What one cell would write; no `total`: the judge stepped back. `before`: it corrects this."""

    row: int
    cell: str
    title: str
    judge: str
    pk: int
    total: Decimal | None
    before: Decimal | None = None

    @property
    def total_text(self) -> str:
        return _number(self.total)

    @property
    def before_text(self) -> str:
        return _number(self.before)


@dataclass(slots=True)
class _Reader:
    against: Field
    check: Check
    seen: set[str] = field(default_factory=set)


def seat_heads(panel: Iterable[tuple[int, str, str]]) -> list[Seat]:
    """By number, name and alias of each seat: two of one name are told apart by the alias."""
    seats = list(panel)
    counts = Counter(name.casefold() for _pk, name, _alias in seats)
    return [
        Seat(pk, name if counts[name.casefold()] == 1 else f"{name} ({alias})")
        for pk, name, alias in seats
    ]


def strangers(heads: Sequence[str], seats: Sequence[Seat]) -> list[str]:
    """Columns that are neither ours nor a judge's: their totals must not be lost unseen."""
    known = {name.casefold() for name in (RECEIPT, TITLE, UNIT, *(seat.head for seat in seats))}
    return [head for head in heads if head.strip().casefold() not in known]


def check_matrix(rows: Sequence[Row], against: Field) -> tuple[list[NewTotal], list[Problem]]:
    check = Check()
    check.begin(rows)
    reader = _Reader(against, check)
    totals = [total for row in rows for total in _read_row(row, reader)]
    return totals, sorted(check.problems, key=lambda problem: problem.place)


def _read_row(row: Row, reader: _Reader) -> list[NewTotal]:
    receipt = row.values[RECEIPT].upper()
    title = reader.against.titles.get(receipt)
    if title is None:
        unknown = _("No entry of this stage has the receipt number “%(receipt)s”.")
        reader.check.refuse(row.number, unknown % {"receipt": receipt[:40]}, head=RECEIPT)
        return []
    if receipt in reader.seen:
        reader.check.refuse(row.number, _("This entry stands in the file twice."), head=RECEIPT)
        return []
    reader.seen.add(receipt)
    if folded(row.values[TITLE]) != folded(title):
        mixed = _("The title does not belong to this receipt number: it is “%(title)s”.")
        reader.check.refuse(row.number, mixed % {"title": title[:80]}, head=TITLE)
        return []
    cells = (_read_cell(row, seat, receipt, reader=reader) for seat in reader.against.seats)
    return [total for total in cells if total]


def _read_cell(row: Row, seat: Seat, receipt: str, *, reader: _Reader) -> NewTotal | None:
    text = row.values[seat.head]
    place = reader.against.places.get((receipt, seat.pk), Place(Held.ABSENT))
    is_back = text.casefold() == STEPPED_BACK
    mark = None if is_back or not text else read_mark(text)
    if text and not is_back and (mark is None or not reader.against.scale.allows(mark)):
        reader.check.refuse(
            row.number, _off_scale(text, seat, reader.against.scale), head=seat.head
        )
        return None
    refused = _refusal(place, mark)
    if refused:
        reader.check.refuse(row.number, f"{seat.head}: {refused}", head=seat.head)
        return None
    if _says_nothing(place, mark, is_back=is_back):
        return None
    return NewTotal(
        row=row.number,
        cell=f"{row.letters.get(seat.head, '')}{row.number}",
        title=reader.against.titles[receipt],
        judge=seat.head,
        pk=place.pk,
        total=mark,
        before=place.total,
    )


def _says_nothing(place: Place, mark: Decimal | None, *, is_back: bool) -> bool:
    if mark is not None:
        return place.held is Held.SCORED and place.total == mark
    return not is_back or place.held is not Held.OPEN


def _refusal(place: Place, mark: Decimal | None) -> str:
    """Why the cell cannot be taken; empty: it can."""
    if place.held is Held.SCORED and mark is None:
        stands = _("the portal has %(total)s here; a total cannot be taken away.")
        return stands % {"total": _number(place.total)}
    if mark is not None and place.held is Held.RECUSED:
        return _("this judge stepped back from the entry; leave the cell empty.")
    if mark is not None and place.held is Held.ABSENT:
        return _("this judge does not read the entry (not assigned, or a conflict of interest).")
    return ""


def _off_scale(text: str, seat: Seat, scale: Scale) -> str:
    told = _("%(name)s, “%(text)s”: give a number from %(low)s to %(high)s in steps of %(step)s.")
    if text.startswith("="):
        told = _("%(name)s holds a formula. Write the number itself, from %(low)s to %(high)s.")
    return told % {"name": seat.head, "text": text[:40], **scale_words(scale)}


def _number(value: Decimal | None) -> str:
    return "" if value is None else plain(value).replace(".", ",")
