"""Check a sheet of what innovations won in the past: each row is one result of one innovation.

Pure: rows and what the register holds in, plain records and sentences out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from django.utils.translation import gettext as _

from accounts.importing import Check, Column, Directory, Place, Problem, Record, read_records
from kipp.lib.sheets import Row
from proposals.importing import title_key

COLUMNS = (
    Column("title", "judul", 200, is_required=True),
    Column("expansion", "kepanjangan", 300),
    Column("unit", "unit", 200),
    Column("sector", "bidang", 120),
    Column("contest", "kompetisi", 160, is_required=True),
    Column("level", "tingkat", 20, is_required=True),
    Column("year", "tahun", 10),
    Column("tier", "hasil", 80, is_required=True),
)
HEADS = [column.head for column in COLUMNS]
LEVELS = ("kota", "kabupaten", "provinsi", "nasional", "internasional")
EARLIEST_YEAR = 1945

# An innovation by its unit (None where nobody knows it) and its title; a result of it.
Known = tuple[int | None, str]
Won = tuple[str, int | None, str]


@dataclass(frozen=True, slots=True)
class Register:
    """`awards`: contest, year and result in small letters, by the innovation's id."""

    known: Mapping[Known, int] = field(default_factory=dict)
    awards: Mapping[int, frozenset[Won]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewAward:
    """`innovation_id`: one of the register; None for one that this sheet enters."""

    row: int
    title: str
    expansion: str
    sector: str
    unit_id: int | None
    unit_name: str
    innovation_id: int | None
    contest: str
    level: str
    year: int | None
    tier: str

    @property
    def innovation(self) -> Known:
        return self.unit_id, title_key(self.title)

    @property
    def won(self) -> Won:
        return won_key(self.contest, self.year, self.tier)


def check_history(
    rows: Sequence[Row], places: Sequence[Place], *, register: Register, this_year: int
) -> tuple[list[NewAward], list[Problem]]:
    check = Check()
    directory = Directory((place.id, place.name, place.code) for place in places)
    names = {place.id: place.name for place in places}
    awards: list[NewAward] = []
    seen: dict[tuple[Known, Won], int] = {}
    for record in read_records(rows, COLUMNS, check):
        award = _read(record, directory, check, names=names, register=register, latest=this_year)
        awards.append(award)
        earlier = seen.setdefault((award.innovation, award.won), record.row)
        if earlier != record.row:
            same = _("The same result stands in row %(row)s.")
            check.refuse(record.row, same % {"row": earlier})
        if award.won in register.awards.get(award.innovation_id or 0, ()):
            check.refuse(record.row, _("The register holds this result already."))
    return awards, sorted(check.problems, key=attrgetter("place"))


def won_key(contest: str, year: int | None, tier: str) -> Won:
    return contest.lower(), year, tier.lower()


def _read(
    record: Record,
    directory: Directory,
    check: Check,
    *,
    names: Mapping[int, str],
    register: Register,
    latest: int,
) -> NewAward:
    cells, row = record.cells, record.row
    place = cells["unit"]
    unit_id = directory.find(place, row=row, check=check, head="unit") if place else None
    return NewAward(
        row=row,
        title=cells["title"],
        expansion=cells["expansion"],
        sector=cells["sector"],
        unit_id=unit_id,
        unit_name=names[unit_id] if unit_id else "",
        innovation_id=register.known.get((unit_id, title_key(cells["title"]))),
        contest=cells["contest"],
        level=_level(record, check),
        year=_year(record, check, latest=latest),
        tier=cells["tier"],
    )


def _level(record: Record, check: Check) -> str:
    text = record.cells["level"].lower()
    if text and text not in LEVELS:
        unknown = _("“%(text)s” is not known here. Write one of: %(words)s.")
        told = {"text": text, "words": ", ".join(LEVELS)}
        check.refuse(record.row, unknown % told, head="tingkat")
    return text


def _year(record: Record, check: Check, *, latest: int) -> int | None:
    """Empty where no source says."""
    text = record.cells["year"]
    if not text:
        return None
    year = int(text) if text.isascii() and text.isdecimal() else 0
    if not EARLIEST_YEAR <= year <= latest:
        wrong = _("“%(text)s” is no year up to %(latest)s.")
        check.refuse(record.row, wrong % {"text": text, "latest": latest}, head="tahun")
        return None
    return year
