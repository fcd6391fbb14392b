"""A proposal reduced to the facts that the rules of `eligibility` read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from competitions.models import (
    AttachmentSlot,
    Competition,
    EligibilityRule,
    Round,
    Section,
    Track,
)
from kipp.lib.clock import last_minute
from proposals.checklist import union
from proposals.content import Content
from proposals.eligibility import (
    EarlierTier,
    Facts,
    Finding,
    RuleFact,
    SectionFact,
    Severity,
    SlotFact,
)
from proposals.findings import thaw
from proposals.models import Proposal, Submission
from proposals.queries.others import Others, others_of
from proposals.queries.whole import read_whole
from proposals.rulebook import find_problems

Kind = EligibilityRule.Kind
READS_OTHERS = frozenset({Kind.QUOTA, Kind.UNIT_QUOTA, Kind.UNIQUE_TITLE, Kind.VIDEO})
READS_AWARDS = frozenset({Kind.NO_EARLIER_TIER, Kind.EARLIER_TIER, Kind.TIER_LIMIT})


@dataclass(frozen=True, slots=True)
class Header:
    """What the rules read of the header, as it lives or as it was frozen."""

    title: str
    started_on: date | None
    video_url: str
    has_category: bool


def problems_of(proposal: Proposal) -> list[Finding]:
    """Of the text as it is now."""
    return problems_among(proposal, read_whole(proposal).others)


def problems_among(proposal: Proposal, others: Others) -> list[Finding]:
    """The same of a proposal that was read as a whole."""
    sections, slots = section_facts(proposal), slot_facts(proposal)
    return problems_beside(proposal, sections=sections, slots=slots, others=others)


def problems_beside(
    proposal: Proposal,
    *,
    sections: tuple[SectionFact, ...],
    slots: tuple[SlotFact, ...],
    others: Others | None = None,
) -> list[Finding]:
    """The same for a page that has fetched sections and files already."""
    header = Header(
        title=proposal.title,
        started_on=proposal.started_on,
        video_url=proposal.video_url,
        has_category=bool(proposal.category_id),
    )
    return find_problems(
        facts_of(proposal, header=header, sections=sections, slots=slots, others=others)
    )


def problems_in(submission: Submission, *, others: Others | None = None) -> list[Finding]:
    """Of what was received, whatever the unit has changed since."""
    content: Content = submission.content
    frozen = content["header"]
    header = Header(
        title=frozen["title"],
        started_on=date.fromisoformat(frozen["started_on"]) if frozen["started_on"] else None,
        video_url=frozen["video_url"],
        has_category=frozen["category"] is not None,
    )
    words = {section["key"]: section["words"] for section in content["sections"]}
    files = Counter(file["slot"] for file in content["files"])
    proposal = submission.proposal
    sections, slots = proposal.track.sections.all(), proposal.track.slots.all()
    facts = facts_of(
        proposal,
        header=header,
        sections=tuple(section_fact(each, word_count=words.get(each.key, 0)) for each in sections),
        slots=tuple(slot_fact(each, file_count=files[each.key]) for each in slots),
        others=others,
    )
    return find_problems(facts)


def checklist_of(submission: Submission, *, others: Others | None = None) -> list[Finding]:
    """What the screener decides on: the findings of today and those of the submission."""
    then = [thaw(frozen) for frozen in submission.content["findings"]]
    return union(problems_in(submission, others=others), then)


def facts_of(
    proposal: Proposal,
    *,
    header: Header,
    sections: tuple[SectionFact, ...],
    slots: tuple[SlotFact, ...],
    others: Others | None = None,
) -> Facts:
    """Without `others` the database is asked for them, but only if a rule reads them."""
    rules = rules_of(proposal.track)
    kinds = {rule.kind for rule in rules}
    if others is None:
        others = Others()
        if kinds & READS_OTHERS:
            others = others_of(proposal, title=header.title, video_url=header.video_url)
    return Facts(
        title=header.title,
        closes_on=closing_day(proposal.competition),
        sections=sections,
        slots=slots,
        rules=rules,
        started_on=header.started_on,
        video_url=header.video_url,
        video_is_dead=others.video_is_dead,
        has_category=header.has_category or not proposal.competition.categories.all(),
        earlier_tiers=earlier_tiers(proposal) if kinds & READS_AWARDS else (),
        agency_count=others.agency_count,
        unit_count=others.unit_count,
        agency_level=proposal.endorsing_unit.level,
        unit_level=proposal.unit.level,
        title_twins=others.title_twins,
    )


def section_facts(proposal: Proposal) -> tuple[SectionFact, ...]:
    counts = {answer.section_id: answer.word_count for answer in proposal.answers.all()}
    return tuple(
        section_fact(section, word_count=counts.get(section.pk, 0))
        for section in proposal.track.sections.all()
    )


def section_fact(section: Section, *, word_count: int) -> SectionFact:
    return SectionFact(
        key=section.key,
        label=section.shown_label,
        word_limit=section.word_limit,
        word_count=word_count,
        is_required=section.is_required,
    )


def slot_facts(proposal: Proposal) -> tuple[SlotFact, ...]:
    files = Counter(file.slot_id for file in proposal.attachments.all())
    return tuple(slot_fact(slot, file_count=files[slot.pk]) for slot in proposal.track.slots.all())


def slot_fact(slot: AttachmentSlot, *, file_count: int) -> SlotFact:
    return SlotFact(
        key=slot.key, label=slot.label, file_count=file_count, is_required=slot.is_required
    )


def rules_of(track: Track) -> tuple[RuleFact, ...]:
    return tuple(
        RuleFact(
            kind=rule.kind,
            article=rule.article,
            limit=rule.limit or 0,
            tiers=tuple(rule.tiers),
            items=tuple(rule.items),
            severity=Severity(rule.severity),
        )
        for rule in track.rules.all()
    )


def closing_day(competition: Competition) -> date:
    """The last day of submission for all, in the competition's own time zone."""
    kind = Round.Kind.SUBMISSION
    round_ = next((each for each in competition.rounds.all() if each.kind == kind), None)
    if round_ is None:
        return date(competition.year, 12, 31)
    zone = competition.time_zone
    return last_minute(round_.ends_at, zone=zone).astimezone(ZoneInfo(zone)).date()


def earlier_tiers(proposal: Proposal) -> tuple[EarlierTier, ...]:
    return tuple(
        EarlierTier(contest=award.contest, tier=award.tier, year=award.year)
        for award in proposal.innovation.history.all()
    )
