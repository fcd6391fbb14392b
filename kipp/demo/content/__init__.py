"""Everything the demonstration year is made of, as frozen values read from the TOML files here."""

from __future__ import annotations

import calendar
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

Fate = Literal["draft", "awaiting", "returned", "eligible", "ineligible", "completion"]
Role = Literal["author", "endorser", "organizer", "chair", "auditor", "judge"]
Level = Literal["government", "agency", "service"]

FOLDER = Path(__file__).parent
SECTION_LIMITS = {
    "ringkasan": 200,
    "latar_belakang_tujuan": 300,
    "kebaruan": 200,
    "implementasi": 200,
    "signifikansi": 600,
    "adaptabilitas": 300,
    "sumber_daya": 200,
    "strategi_keberlanjutan": 500,
}
CATEGORIES = (
    "Kesehatan",
    "Pertumbuhan Ekonomi dan Kesempatan Kerja",
    "Ketahanan Pangan",
    "Inklusi Sosial",
    "Tata Kelola Pemerintahan",
    "Ketahanan Bencana",
    "Pendidikan",
    "Pengentasan Kemiskinan",
    "Pemberdayaan Masyarakat",
    "Energi dan Lingkungan Hidup",
    "Penegakan Hukum",
)
REASONS = (
    "too_young",
    "incomplete",
    "duplicate_title",
    "missing_letter",
    "careless",
    "dead_video",
)


@dataclass(frozen=True, slots=True)
class DemoUnit:
    """`parent` and `successor` are keys; a unit with a successor has ended."""

    key: str
    name: str
    abbr: str
    kind: str
    level: Level
    parent: str
    code: str
    source: str
    successor: str
    note: str


@dataclass(frozen=True, slots=True)
class DemoInnovation:
    """One line of the real register; `year` is None and texts are empty where no source says."""

    key: str
    title: str
    expansion: str
    unit: str
    government: str
    competition: str
    level: str
    year: int | None
    award: str
    sector: str
    source: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """An invented person; `unit` is a key, or empty for a judge from outside the city."""

    key: str
    name: str
    email: str
    role: Role
    unit: str
    nip: str
    severity: int


@dataclass(frozen=True, slots=True)
class DemoProposal:
    """`months` is the innovation's age at the close; `quality` 0-100 and `lean` feed the scores."""

    key: str
    innovation: str
    unit: str
    category: str
    months: int
    sdgs: tuple[int, ...]
    video: str
    innovators: tuple[str, ...]
    quality: int
    lean: dict[str, int]
    fate: Fate
    reasons: tuple[str, ...]
    note: str
    borrowed: bool
    sections: dict[str, str]


@dataclass(frozen=True, slots=True)
class DemoClaim:
    """Numbers as people type them; `found` and `note` are what the committee saw later."""

    proposal: str
    indicator: str
    before: str
    after: str
    measure: str
    better: Literal["higher", "lower"]
    found: str
    note: str


@dataclass(frozen=True, slots=True)
class DemoAnnouncement:
    """`day` counts from the opening of the submission round; negative is before it."""

    key: str
    day: int
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class DemoCompetition:
    """The public words of the edition; its articles stand in the preset."""

    theme: str
    summary: str
    announcements: tuple[DemoAnnouncement, ...]


@cache
def load_units() -> tuple[DemoUnit, ...]:
    """Parents come before their children."""
    return tuple(
        DemoUnit(**{"successor": "", "note": "", **row}) for row in _read("units.toml")["unit"]
    )


@cache
def load_innovations() -> tuple[DemoInnovation, ...]:
    return tuple(
        DemoInnovation(**{**row, "year": row["year"] or None, "source": tuple(row["source"])})
        for row in _read("innovations.toml")["innovation"]
    )


@cache
def load_people() -> tuple[DemoPerson, ...]:
    blank = {"unit": "", "nip": "", "severity": 0}
    return tuple(DemoPerson(**{**blank, **row}) for row in _read("people.toml")["person"])


@cache
def load_proposals() -> tuple[DemoProposal, ...]:
    """All proposals, in the order of their files."""
    rows = [
        row
        for path in sorted((FOLDER / "proposals").glob("*.toml"))
        for row in tomllib.loads(path.read_text(encoding="utf-8"))["proposal"]
    ]
    return tuple(_proposal(row) for row in rows)


@cache
def load_claims() -> tuple[DemoClaim, ...]:
    blank = {"found": "", "note": ""}
    return tuple(DemoClaim(**{**blank, **row}) for row in _read("claims.toml")["claim"])


@cache
def load_competition() -> DemoCompetition:
    tree = _read("announcements.toml")
    return DemoCompetition(
        **tree["competition"],
        announcements=tuple(DemoAnnouncement(**row) for row in tree["announcement"]),
    )


def claims_of(proposal: DemoProposal) -> list[DemoClaim]:
    return [claim for claim in load_claims() if claim.proposal == proposal.key]


def innovation_of(proposal: DemoProposal) -> DemoInnovation:
    return next(item for item in load_innovations() if item.key == proposal.innovation)


def people_with(role: Role) -> tuple[DemoPerson, ...]:
    return tuple(person for person in load_people() if person.role == role)


def author_of(proposal: DemoProposal) -> DemoPerson:
    return next(person for person in people_with("author") if person.unit == proposal.unit)


def started_on(proposal: DemoProposal, *, close: date) -> date:
    """Count the innovation's first day back from the close, so that its age always holds."""
    months = close.year * 12 + close.month - 1 - proposal.months
    year, month = divmod(months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(close.day, last))


def _proposal(row: dict[str, Any]) -> DemoProposal:
    blank = {"lean": {}, "reasons": (), "note": "", "borrowed": False}
    lists = {name: tuple(row.get(name, ())) for name in ("sdgs", "innovators", "reasons")}
    sections = {name: row.get("sections", {}).get(name, "") for name in SECTION_LIMITS}
    return DemoProposal(**{**blank, **row, **lists, "sections": sections})


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))
