"""Check a sheet of proposals that were written on paper: every problem with its row and cell.

Pure: rows, the form of the track and what the units have already in, plain records out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import attrgetter

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.identity import clean_nip
from accounts.importing import Check, Column, Directory, Place, Problem, Record, read_records
from competitions.models import Category, Section
from kipp.lib.sheets import Row
from kipp.lib.text import one_line, word_count
from proposals.eligibility import Finding
from proposals.findings import Line, lines_of
from proposals.videos import check_video

MOST_ROWS, MOST_MEMBERS, LAST_GOAL = 200, 30, 17
EARLIEST_YEAR, LATEST_YEAR = 1945, 2100
YEAR = re.compile(r"(?:19|20)[0-9]{2}")
DAY_FORMATS = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y")
FACTS = (
    Column("title", "judul", 200, is_required=True),
    Column("expansion", "kepanjangan", 300),
    Column("unit", "unit", 200, is_required=True),
    Column("category", "kategori", 200),
    Column("started_on", "diterapkan sejak", 20),
    Column("sdgs", "tpb", 60),
    Column("video_url", "tautan video", 300),
)
TEAM = "tim"
NAME_LIMIT, ROLE_LIMIT = 150, 80


@dataclass(frozen=True, slots=True)
class Asked:
    """The form of the track; the innovations that the units have, by unit and title."""

    sections: Sequence[Section]
    categories: Sequence[Category] = ()
    video_hosts: Sequence[str] = ()
    known: Mapping[tuple[int, str], int] = field(default_factory=dict)
    entered: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class NewMember:
    name: str
    role: str
    nip: str


@dataclass(frozen=True, slots=True)
class NewProposal:
    """`innovation_id`: one that the unit has registered already; None for a new one.

    `findings` is what the rules of entry will say of it, where a sheet can tell.
    """

    row: int
    title: str
    expansion: str
    unit_id: int
    unit_name: str
    innovation_id: int | None
    category_id: int | None
    started_on: date | None
    sdgs: list[int]
    video_url: str
    team: tuple[NewMember, ...]
    texts: Mapping[str, str]
    findings: tuple[Finding, ...] = ()

    @property
    def words(self) -> int:
        return sum(map(word_count, self.texts.values()))

    @property
    def lines(self) -> list[Line]:
        return lines_of(self.findings)


def head_of(section: Section, *, number: int) -> str:
    """The number keeps apart what an edition labels alike."""
    return f"{number}. {section.label} (maks. {section.word_limit} kata)"


def heads_of(sections: Sequence[Section]) -> dict[str, str]:
    """By the section's key."""
    return {each.key: head_of(each, number=at) for at, each in enumerate(sections, start=1)}


def all_heads(sections: Sequence[Section]) -> list[str]:
    return [*(column.head for column in FACTS), TEAM, *heads_of(sections).values()]


def title_key(text: str) -> str:
    """As the database compares titles of one unit."""
    return one_line(text).lower()


def check_proposals(
    rows: Sequence[Row], places: Sequence[Place], *, asked: Asked
) -> tuple[list[NewProposal], list[Problem]]:
    """`places`: the units that this person may enter proposals for."""
    check = Check()
    directory = Directory((place.id, place.name, place.code) for place in places)
    names = {place.id: place.name for place in places}
    found: list[NewProposal] = []
    titles: dict[str, int] = {}
    for record, row in zip(read_records(rows, FACTS, check), rows, strict=True):
        title = record.cells["title"]
        earlier = titles.setdefault(title_key(title), record.row)
        if title and earlier != record.row:
            same = _("The same title stands in row %(row)s.")
            check.refuse(record.row, same % {"row": earlier}, head="judul")
        unit_id = _unit_of(record, directory, check)
        proposal = _read(record, row, asked, check, unit_id=unit_id, names=names)
        if proposal:
            found.append(proposal)
    return found, sorted(check.problems, key=attrgetter("place"))


def _unit_of(record: Record, directory: Directory, check: Check) -> int | None:
    words = record.cells["unit"]
    return directory.find(words, row=record.row, check=check, head="unit") if words else None


def _read(
    record: Record,
    row: Row,
    asked: Asked,
    check: Check,
    *,
    unit_id: int | None,
    names: Mapping[int, str],
) -> NewProposal | None:
    """Every cell is looked at, also when an earlier one is wrong."""
    innovation_id = _innovation_of(record, asked, check, unit_id=unit_id)
    facts = {
        "category_id": _category(record, asked, check),
        "started_on": _day(record, check),
        "sdgs": _goals(record, check),
        "video_url": _video(record, asked, check),
        "team": _team(row, check),
        "texts": _texts(row, asked, check),
    }
    if unit_id is None:
        return None
    return NewProposal(
        row=record.row,
        title=record.cells["title"],
        expansion=record.cells["expansion"],
        unit_id=unit_id,
        unit_name=names[unit_id],
        innovation_id=innovation_id,
        **facts,  # type: ignore[arg-type]
    )


def _innovation_of(
    record: Record, asked: Asked, check: Check, *, unit_id: int | None
) -> int | None:
    if unit_id is None:
        return None
    known = asked.known.get((unit_id, title_key(record.cells["title"])))
    if known in asked.entered:
        taken = _("This innovation is in this competition already.")
        check.refuse(record.row, taken, head="judul")
    return known


def _category(record: Record, asked: Asked, check: Check) -> int | None:
    words = record.cells["category"]
    for category in asked.categories:
        if words.casefold() in {category.key.casefold(), category.name.casefold()}:
            return int(category.pk)
    if words:
        unknown = _("“%(text)s” is not known here. Write one of: %(words)s.")
        offered = "; ".join(category.name for category in asked.categories)
        check.refuse(record.row, unknown % {"text": words, "words": offered}, head="kategori")
    return None


def _day(record: Record, check: Check) -> date | None:
    """A bare year means its last day: an age is never read as higher than it was written."""
    text = record.cells["started_on"]
    if not text:
        return None
    if YEAR.fullmatch(text):
        return date(int(text), 12, 31)
    for form in DAY_FORMATS:
        try:
            day = datetime.strptime(text, form).date()  # noqa: DTZ007 - a day, no moment
        except ValueError:
            continue
        if EARLIEST_YEAR <= day.year <= LATEST_YEAR:
            return day
    wrong = _("“%(text)s” is no date. Write it like 28-02-2018, or only the year.")
    check.refuse(record.row, wrong % {"text": text}, head="diterapkan sejak")
    return None


def _goals(record: Record, check: Check) -> list[int]:
    text = record.cells["sdgs"]
    parts = [part for part in re.split(r"[\s,;.]+", text) if part]
    numbers = [int(part) for part in parts if part.isascii() and part.isdecimal()]
    if len(numbers) != len(parts) or not all(1 <= number <= LAST_GOAL for number in numbers):
        wrong = _("“%(text)s”: write numbers from 1 to 17, such as 3, 10.")
        check.refuse(record.row, wrong % {"text": text}, head="tpb")
        return []
    return sorted(set(numbers))


def _video(record: Record, asked: Asked, check: Check) -> str:
    url = record.cells["video_url"]
    if url:
        try:
            check_video(url, hosts=asked.video_hosts)
        except ValidationError as error:
            check.refuse(record.row, error.messages[0], head="tautan video")
    return url


def _team(row: Row, check: Check) -> tuple[NewMember, ...]:
    """A person in each line of the cell: name; role; NIP, the last one if there is any."""
    lines = [line.strip() for line in row.values[TEAM].split("\n") if line.strip()]
    if len(lines) > MOST_MEMBERS:
        many = _("%(count)s people are more than the %(most)s that a team may have.")
        check.refuse(row.number, many % {"count": len(lines), "most": MOST_MEMBERS}, head=TEAM)
        return ()
    members = (_member(line, row.number, check) for line in lines)
    return tuple(member for member in members if member)


def _member(line: str, row: int, check: Check) -> NewMember | None:
    parts = [one_line(part) for part in line.split(";")]
    name, role, nip = [*parts, "", ""][:3]
    fits = name and role and len(parts) <= 3
    if not fits or len(name) > NAME_LIMIT or len(role) > ROLE_LIMIT or name.startswith("="):
        wrong = _("“%(text)s”: write one person in a line as: name; role in the team; NIP.")
        check.refuse(row, wrong % {"text": line[:80]}, head=TEAM)
        return None
    try:
        return NewMember(name, role, clean_nip(nip))
    except ValidationError as error:
        check.refuse(row, f"“{nip[:60]}”: {error.messages[0]}", head=TEAM)
        return None


def _texts(row: Row, asked: Asked, check: Check) -> dict[str, str]:
    """By the section's key; a text may begin with a dash, but not like a formula."""
    texts = {}
    for section, head in zip(asked.sections, heads_of(asked.sections).values(), strict=True):
        text = row.values[head]
        over = word_count(text) - section.word_limit
        named = {"column": section.label, "count": over + section.word_limit}
        if text.startswith("="):
            formula = _("%(column)s holds a formula. Paste it as plain text.")
            check.refuse(row.number, formula % named, head=head)
        elif over > 0:
            long = _("%(column)s has %(count)s words; at most %(limit)s: cut %(over)s.")
            told = named | {"limit": section.word_limit, "over": over}
            check.refuse(row.number, long % told, head=head)
        elif text:
            texts[section.key] = text
    return texts
