"""What stands between a proposal and its passing: one list for author, endorser and screener.

`BLOCKS` cannot be sent; `REFUSES` can be sent, but the committee will refuse it unless it decides
otherwise; `WARNS` is only noted. Here is what every form asks; what an edition asks beyond is in
`proposals.rulebook`, the sentences are in `proposals.findings`.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, date
from enum import StrEnum

# Below this share of the limit a text counts as begun, not as complete.
COMPLETE_FROM = 5


class Severity(StrEnum):
    BLOCKS = "blocks"
    REFUSES = "refuses"
    WARNS = "warns"


class SectionState(StrEnum):
    EMPTY = "empty"
    STARTED = "started"
    COMPLETE = "complete"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class SectionFact:
    key: str
    label: str
    word_limit: int
    word_count: int
    is_required: bool = True


@dataclass(frozen=True, slots=True)
class SlotFact:
    key: str
    label: str
    file_count: int
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class RuleFact:
    """A rule of the edition; `items` are keys of sections or slots, hosts, or limits by level."""

    kind: str
    article: str
    limit: int = 0
    tiers: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    severity: Severity = Severity.REFUSES


@dataclass(frozen=True, slots=True)
class EarlierTier:
    contest: str
    tier: str
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """A proposal as the rules see it.

    `closes_on` is the last day of submission; `agency_count` and `unit_count` count the
    proposals of this track that the agency and the unit had submitted before this one;
    `title_twins` names the units of other proposals of the competition under the same title.
    """

    title: str
    closes_on: date
    sections: tuple[SectionFact, ...] = ()
    slots: tuple[SlotFact, ...] = ()
    rules: tuple[RuleFact, ...] = ()
    started_on: date | None = None
    video_url: str = ""
    video_is_dead: bool = False
    has_category: bool = True
    earlier_tiers: tuple[EarlierTier, ...] = ()
    agency_count: int = 0
    unit_count: int = 0
    agency_level: str = ""
    unit_level: str = ""
    title_twins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """`target` is where it is mended: `section:KEY`, `slot:KEY` or `header:FIELD`."""

    code: str
    target: str
    severity: Severity = Severity.BLOCKS
    article: str = ""
    params: Mapping[str, str | int | date] = field(default_factory=dict)


def blocking(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity is Severity.BLOCKS]


def check_header(facts: Facts) -> Iterator[Finding]:
    if not facts.title.strip():
        yield Finding("title_missing", "header:title")
    if not facts.has_category:
        yield Finding("category_missing", "header:category")


def check_sections(sections: Iterable[SectionFact]) -> Iterator[Finding]:
    for section in sections:
        target = f"section:{section.key}"
        over = section.word_count - section.word_limit
        if over > 0:
            params: dict[str, str | int | date] = {
                "label": section.label,
                "over": over,
                "limit": section.word_limit,
            }
            yield Finding("section_too_long", target, params=params)
        elif section.is_required and not section.word_count:
            yield Finding("section_empty", target, params={"label": section.label})


def check_slots(slots: Iterable[SlotFact]) -> Iterator[Finding]:
    for slot in slots:
        if slot.is_required and not slot.file_count:
            yield Finding("file_missing", f"slot:{slot.key}", params={"label": slot.label})


def section_state(section: SectionFact, *, has_note: bool = False) -> SectionState:
    """What the task list shows. `has_note`: the endorser wrote about it and it is as it was."""
    if has_note or section.word_count > section.word_limit:
        return SectionState.PROBLEM
    if not section.word_count:
        return SectionState.EMPTY
    if section.word_count * COMPLETE_FROM < section.word_limit:
        return SectionState.STARTED
    return SectionState.COMPLETE


def add_months(day: date, months: int) -> date:
    """The same day so many months later (or earlier), or the month's last day if it is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    if not MINYEAR <= year <= MAXYEAR:
        return date.max if months > 0 else date.min
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
