"""What stands between a proposal and its passing: one list for author, endorser and screener.

`BLOCKS` cannot be sent; `REFUSES` can be sent, but the committee will refuse it unless it decides
otherwise. Values in, findings out; the sentences are in `proposals.findings`.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, date
from enum import StrEnum
from urllib.parse import parse_qs, urlsplit

YOUTUBE_ID = re.compile(r"[A-Za-z0-9_-]{11}")
YOUTUBE_HOSTS = frozenset({"youtube.com", "www.youtube.com", "m.youtube.com"})
YOUTUBE_PATHS = re.compile(r"/(?:shorts|live|embed)/([^/]+)/?")
# Below this share of the limit a text counts as begun, not as complete.
COMPLETE_FROM = 5


class Severity(StrEnum):
    BLOCKS = "blocks"
    REFUSES = "refuses"


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
    kind: str
    article: str
    limit: int = 0
    tiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EarlierTier:
    contest: str
    tier: str
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """A proposal as the rules see it.

    `closes_on` is the last day of submission; `agency_count` counts the agency's proposals of this
    track that were submitted before this one; `title_twins` names the units of other proposals of
    the competition under the same title.
    """

    title: str
    closes_on: date
    sections: tuple[SectionFact, ...] = ()
    slots: tuple[SlotFact, ...] = ()
    rules: tuple[RuleFact, ...] = ()
    started_on: date | None = None
    video_url: str = ""
    has_category: bool = True
    earlier_tiers: tuple[EarlierTier, ...] = ()
    agency_count: int = 0
    title_twins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """`target` is where it is mended: `section:KEY`, `slot:KEY` or `header:FIELD`."""

    code: str
    target: str
    severity: Severity = Severity.BLOCKS
    article: str = ""
    params: Mapping[str, str | int | date] = field(default_factory=dict)


def find_problems(facts: Facts) -> list[Finding]:
    """Everything that blocks the sending or will be refused, in the order of the page."""
    found = [*check_header(facts), *check_sections(facts.sections), *check_slots(facts.slots)]
    for rule in facts.rules:
        found.extend(CHECKS[rule.kind](facts, rule))
    return found


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


def check_min_age(facts: Facts, rule: RuleFact) -> Iterator[Finding]:
    """The age is counted back from the close of submission."""
    if facts.started_on is None:
        yield Finding("started_on_missing", "header:started_on", article=rule.article)
        return
    old_enough_on = add_months(facts.started_on, rule.limit)
    if old_enough_on > facts.closes_on:
        yield Finding(
            "too_young",
            "header:started_on",
            Severity.REFUSES,
            rule.article,
            {
                "months": rule.limit,
                "latest": add_months(facts.closes_on, -rule.limit),
                "closes_on": facts.closes_on,
            },
        )


def check_no_earlier_tier(facts: Facts, rule: RuleFact) -> Iterator[Finding]:
    barred = {normalise(tier) for tier in rule.tiers}
    for won in facts.earlier_tiers:
        if normalise(won.tier) in barred:
            params = {"tier": won.tier, "contest": won.contest, "year": str(won.year or "")}
            yield Finding(
                "earlier_winner", "header:innovation", Severity.REFUSES, rule.article, params
            )


def check_quota(facts: Facts, rule: RuleFact) -> Iterator[Finding]:
    if facts.agency_count >= rule.limit:
        params = {"limit": rule.limit, "count": facts.agency_count}
        yield Finding("over_quota", "header:unit", Severity.REFUSES, rule.article, params)


def check_unique_title(facts: Facts, rule: RuleFact) -> Iterator[Finding]:
    if facts.title_twins:
        params = {"units": ", ".join(facts.title_twins)}
        yield Finding("duplicate_title", "header:title", Severity.REFUSES, rule.article, params)


def check_video(facts: Facts, rule: RuleFact) -> Iterator[Finding]:
    if not facts.video_url:
        yield Finding("video_missing", "header:video_url", article=rule.article)
    elif not youtube_id(facts.video_url):
        yield Finding("video_malformed", "header:video_url", article=rule.article)


CHECKS: Mapping[str, Callable[[Facts, RuleFact], Iterator[Finding]]] = {
    "min_age": check_min_age,
    "no_earlier_tier": check_no_earlier_tier,
    "quota": check_quota,
    "unique_title": check_unique_title,
    "video": check_video,
}


def section_state(section: SectionFact, *, has_note: bool = False) -> SectionState:
    """What the task list shows. `has_note`: the endorser wrote about it and it is as it was."""
    if has_note or section.word_count > section.word_limit:
        return SectionState.PROBLEM
    if not section.word_count:
        return SectionState.EMPTY
    if section.word_count * COMPLETE_FROM < section.word_limit:
        return SectionState.STARTED
    return SectionState.COMPLETE


def youtube_id(url: str) -> str:
    """The video's id when the link is a well-formed YouTube address, else an empty text."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").lower()
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"}:
        return ""
    candidate = ""
    if host == "youtu.be":
        candidate = parts.path.strip("/")
    elif host in YOUTUBE_HOSTS and parts.path.rstrip("/") == "/watch":
        candidate = parse_qs(parts.query).get("v", [""])[0]
    elif host in YOUTUBE_HOSTS and (found := YOUTUBE_PATHS.fullmatch(parts.path)):
        candidate = found[1]
    return candidate if YOUTUBE_ID.fullmatch(candidate) else ""


def add_months(day: date, months: int) -> date:
    """The same day so many months later (or earlier), or the month's last day if it is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    if not MINYEAR <= year <= MAXYEAR:
        return date.max if months > 0 else date.min
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def normalise(text: str) -> str:
    """How titles and tiers are compared: letter case and spacing do not make a difference."""
    return " ".join(text.split()).casefold()
