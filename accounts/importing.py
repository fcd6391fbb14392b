"""Check a sheet of units or of people: every problem with its row, and what would be entered.

Pure: rows and the present units in, plain records and sentences out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from accounts.identity import clean_nip, clean_phone, plain_person
from accounts.levels import PARENT_LEVELS
from kipp.lib.sheets import Row
from kipp.lib.text import folded, one_line

RUNNABLE = ("=", "@", "+", "-")
NOTHING = frozenset({"-", "\u2013", "\u2014"})


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    head: str
    limit: int
    is_required: bool = False
    is_number: bool = False


MAX_ROWS = 2000
UNIT_COLUMNS = (
    Column("name", "nama", 200, is_required=True),
    Column("abbr", "singkatan", 60),
    Column("code", "kode", 40),
    Column("level", "tingkat", 40, is_required=True),
    Column("kind", "jenis", 40),
    Column("parent", "induk", 200),
)
PEOPLE_COLUMNS = (
    Column("full_name", "nama", 150, is_required=True),
    Column("email", "email", 254, is_required=True),
    Column("nip", "nip", 60, is_number=True),
    Column("phone", "telepon", 40, is_number=True),
    Column("unit", "unit", 200, is_required=True),
    Column("role", "peran", 40, is_required=True),
)
LEVELS: dict[str, str] = {
    "pemerintah": "government",
    "pemerintah daerah": "government",
    "government": "government",
    "perangkat daerah": "agency",
    "agency": "agency",
    "unit kerja": "service",
    "service unit": "service",
}
ROLES = {
    "penyusun": "author",
    "author": "author",
    "pengesah": "endorser",
    "endorser": "endorser",
}


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """`cell` as the spreadsheet program names it, such as D7; empty where a whole row is meant."""

    row: int
    text: str
    cell: str = ""

    @property
    def place(self) -> tuple[int, int, str]:
        """As one reads a sheet: down the rows, and in each from the left."""
        return self.row, len(self.cell), self.cell


@dataclass(frozen=True, slots=True)
class Place:
    """A unit below which, or into which, this import may enter something."""

    id: int
    name: str
    code: str
    level: str
    parent_id: int | None


@dataclass(frozen=True, slots=True)
class NewUnit:
    """`parent_id`: a unit that exists; `parent_row`: one that this sheet enters."""

    row: int
    name: str
    abbr: str
    code: str
    level: str
    kind: str
    parent_id: int | None = None
    parent_row: int | None = None


@dataclass(frozen=True, slots=True)
class NewMember:
    row: int
    full_name: str
    email: str
    nip: str
    phone: str
    unit_id: int
    role: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What the account of an address says; it is its owner's, and no sheet changes it."""

    full_name: str
    nip: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One row by column names, cleaned."""

    row: int
    cells: Mapping[str, str]


@dataclass(slots=True)
class Check:
    """What was found so far; `letters` are the sheet's own names of the columns."""

    problems: list[Problem] = field(default_factory=list)
    letters: Mapping[str, str] = field(default_factory=dict)

    def begin(self, rows: Sequence[Row]) -> None:
        self.letters = rows[0].letters if rows else {}
        lost = _(
            "%(column)s: a long number such as an NIP has lost digits. Format its column as text."
        )
        for row in rows:
            for head in sorted(row.lost):
                self.refuse(row.number, lost % {"column": head}, head=head)

    def refuse(self, row: int, text: str, *, head: str = "") -> None:
        letter = self.letters.get(head, "")
        self.problems.append(Problem(row, text, f"{letter}{row}" if letter else ""))


def read_records(rows: Sequence[Row], columns: Sequence[Column], check: Check) -> list[Record]:
    check.begin(rows)
    return [
        Record(row.number, {column.name: _clean_cell(row, column, check) for column in columns})
        for row in rows
    ]


def _clean_cell(row: Row, column: Column, check: Check) -> str:
    head = column.head
    named = {"column": head, "limit": column.limit}
    text = one_line(row.values[head])
    text = "" if text in NOTHING else text
    if not text and column.is_required and head not in row.lost:
        check.refuse(row.number, _("%(column)s is empty.") % named, head=head)
    if text.startswith(RUNNABLE) and not column.is_number:
        formula = _("%(column)s begins like a formula. Remove the first sign.")
        check.refuse(row.number, formula % named, head=head)
    if len(text) > column.limit:
        long = _("%(column)s is longer than %(limit)s characters.")
        check.refuse(row.number, long % named, head=head)
    return text


class Directory:
    """Finds a unit by its code or, where that is unambiguous, by its name."""

    def __init__(self, entries: Iterable[tuple[int, str, str]]) -> None:
        self.by_code: dict[str, set[int]] = {}
        self.by_name: dict[str, set[int]] = {}
        for reference, name, code in entries:
            self.by_name.setdefault(folded(name), set()).add(reference)
            if code:
                self.by_code.setdefault(folded(code), set()).add(reference)

    def find(self, words: str, *, row: int, check: Check, head: str = "") -> int | None:
        found = self.by_code.get(folded(words)) or self.by_name.get(folded(words)) or set()
        if len(found) == 1:
            return next(iter(found))
        unknown = _("There is no unit “%(unit)s” here.")
        several = _("Several units are called “%(unit)s”. Write the code instead.")
        check.refuse(row, (several if found else unknown) % {"unit": words[:80]}, head=head)
        return None


def check_units(
    rows: Sequence[Row], places: Sequence[Place], *, may_add_root: bool
) -> tuple[list[NewUnit], list[Problem]]:
    """The units in an order in which each one's parent comes first."""
    check = Check()
    records = read_records(rows, UNIT_COLUMNS, check)
    # Rows of this sheet have negative references, units that exist their own ids.
    directory = Directory(
        [(place.id, place.name, place.code) for place in places]
        + [(-record.row, record.cells["name"], record.cells["code"]) for record in records]
    )
    levels: dict[int, str] = {place.id: place.level for place in places}
    for record in records:
        levels[-record.row] = _word(record, "level", LEVELS, check)
    parents: dict[int, int | None] = {}
    for record in records:
        parents[-record.row] = _parent_of(record, directory, levels, check, may_add_root)
    _refuse_twins(records, places, parents, check)
    ordered = _parents_first(records, parents, check)
    units = [_new_unit(record, parents[-record.row], levels) for record in ordered]
    return units, sorted(check.problems)


def _parent_of(
    record: Record,
    directory: Directory,
    levels: Mapping[int, str],
    check: Check,
    may_add_root: bool,  # noqa: FBT001 - private, and a fact rather than a switch
) -> int | None:
    words, level = record.cells["parent"], levels[-record.row]
    if not words:
        if level != "government" or not may_add_root:
            check.refuse(record.row, _("Say in “induk” where this unit belongs."))
        return None
    found = directory.find(words, row=record.row, check=check, head="induk")
    if found is None or not level or not levels[found]:
        return found
    if levels[found] not in PARENT_LEVELS[level]:
        wrong = _("A unit of this level cannot stand below “%(unit)s”.")
        check.refuse(record.row, wrong % {"unit": words})
    return found


def _refuse_twins(
    records: Sequence[Record],
    places: Sequence[Place],
    parents: Mapping[int, int | None],
    check: Check,
) -> None:
    names = {(folded(place.name), place.parent_id) for place in places}
    codes = {folded(place.code) for place in places if place.code}
    for record in records:
        name, code = folded(record.cells["name"]), folded(record.cells["code"])
        if name and (name, parents[-record.row]) in names:
            check.refuse(record.row, _("A unit of this name exists here already."))
        if code and code in codes:
            check.refuse(record.row, _("Another unit has this code already."))
        names.add((name, parents[-record.row]))
        codes.add(code)


def _parents_first(
    records: Sequence[Record], parents: Mapping[int, int | None], check: Check
) -> list[Record]:
    waiting, ordered, done = list(records), list[Record](), set[int]()
    while waiting:
        ready = [record for record in waiting if _is_ready(parents[-record.row], done)]
        if not ready:
            for record in waiting:
                check.refuse(record.row, _("This unit stands below itself."))
            return ordered
        ordered += ready
        done.update(-record.row for record in ready)
        waiting = [record for record in waiting if -record.row not in done]
    return ordered


def _is_ready(parent: int | None, done: set[int]) -> bool:
    return parent is None or parent > 0 or parent in done


def _new_unit(record: Record, parent: int | None, levels: Mapping[int, str]) -> NewUnit:
    cells = record.cells
    return NewUnit(
        row=record.row,
        name=cells["name"],
        abbr=cells["abbr"],
        code=cells["code"],
        level=levels[-record.row],
        kind=cells["kind"],
        parent_id=parent if parent and parent > 0 else None,
        parent_row=-parent if parent and parent < 0 else None,
    )


def check_people(
    rows: Sequence[Row],
    places: Sequence[Place],
    *,
    held: frozenset[tuple[str, int, str]],
    closed: frozenset[str] = frozenset(),
    known: Mapping[str, Known] = MappingProxyType({}),
) -> tuple[list[NewMember], list[Problem]]:
    """`held`: e-mail, unit and role of every membership that exists; `closed`: e-mails.
    `known`: accounts by e-mail, of people whom the sender may see and of nobody else."""
    check = Check()
    records = read_records(rows, PEOPLE_COLUMNS, check)
    directory = Directory((place.id, place.name, place.code) for place in places)
    seen: dict[tuple[str, int, str], int] = {}
    names: dict[str, tuple[str, str]] = {}
    members = []
    for record in records:
        member = _check_member(record, directory, check)
        if member is None:
            continue
        if account := known.get(member.email):
            member = replace(member, note=_beside(account, member, check))
        members.append(member)
        place = (member.email, member.unit_id, member.role)
        if place in held:
            check.refuse(record.row, _("This person has this role already."))
        if member.email in closed:
            check.refuse(record.row, _("The account of this address is closed."))
        if place in seen:
            same = _("The same person and role stand in row %(row)s.")
            check.refuse(record.row, same % {"row": seen[place]})
        seen.setdefault(place, record.row)
        if names.setdefault(member.email, (member.full_name, member.nip)) != (
            member.full_name,
            member.nip,
        ):
            check.refuse(record.row, _("This e-mail stands here with another name or NIP."))
    return members, sorted(check.problems)


def _check_member(record: Record, directory: Directory, check: Check) -> NewMember | None:
    cells = record.cells
    before = len(check.problems)
    email = cells["email"].lower()
    if email:
        _try(validate_email, email, record.row, check)
    nip = _try(clean_nip, cells["nip"], record.row, check)
    phone = _try(clean_phone, cells["phone"], record.row, check)
    role = _word(record, "role", ROLES, check)
    place, row = cells["unit"], record.row
    unit_id = directory.find(place, row=row, check=check, head="unit") if place else None
    if unit_id is None or not role or len(check.problems) > before:
        return None
    return NewMember(
        row=record.row,
        full_name=cells["full_name"],
        email=email,
        nip=nip,
        phone=phone,
        unit_id=unit_id,
        role=role,
    )


def _beside(account: Known, member: NewMember, check: Check) -> str:
    """Refuse the row of another person; else say what it gives in vain."""
    name, nip = account.full_name or member.full_name, account.nip or member.nip
    is_same = plain_person(name) == plain_person(member.full_name)
    if not is_same or member.nip not in ("", nip):
        another = _(
            "This e-mail belongs to “%(name)s”, with another name or NIP. Correct the row; people"
            " change both themselves, under My account."
        )
        check.refuse(member.row, another % {"name": name}, head="email")
        return ""
    adds = member.nip not in ("", account.nip) or member.phone not in ("", account.phone)
    if name == member.full_name and not adds:
        return ""
    stays = _("The account of “%(name)s” exists. Its name, NIP and WhatsApp number stay.")
    return stays % {"name": name}


def _try(read: Callable[[str], str | None], text: str, row: int, check: Check) -> str:
    try:
        return read(text) or ""
    except ValidationError as error:
        check.refuse(row, f"“{text[:60]}”: {error.messages[0]}")
        return ""


def _word(record: Record, name: str, words: dict[str, str], check: Check) -> str:
    """What the cell means; an empty one has been refused before."""
    text = record.cells[name]
    if text and folded(text) not in words:
        unknown = _("“%(text)s” is not known here. Write one of: %(words)s.")
        preferred = {meaning: word for word, meaning in reversed(words.items())}
        named = {"text": text[:60], "words": ", ".join(sorted(preferred.values()))}
        check.refuse(record.row, unknown % named)
    return words.get(folded(text), "")
