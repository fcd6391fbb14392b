"""A proposal reduced to the facts that the rules of `eligibility` read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from competitions.models import AttachmentSlot, Competition, EligibilityRule, Round, Section
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
    normalise,
)
from proposals.findings import thaw
from proposals.models import Proposal, Submission, VideoCheck
from proposals.queries.whole import read_whole
from proposals.rulebook import find_problems
from proposals.workflow import RECEIVED, ProposalStatus

Kind = EligibilityRule.Kind
READS_AWARDS = frozenset({Kind.NO_EARLIER_TIER, Kind.EARLIER_TIER, Kind.TIER_LIMIT})


@dataclass(frozen=True, slots=True)
class Header:
    """What the rules read of the header, as it lives or as it was frozen."""

    title: str
    started_on: date | None
    video_url: str
    has_category: bool


def problems_of(proposal: Proposal) -> list[Finding]:
    """Of the text as it is now; it is read as a whole, for whoever then freezes it."""
    read_whole(proposal)
    return problems_beside(proposal, sections=section_facts(proposal), slots=slot_facts(proposal))


def problems_beside(
    proposal: Proposal, *, sections: tuple[SectionFact, ...], slots: tuple[SlotFact, ...]
) -> list[Finding]:
    """The same for a page that has fetched sections and files already."""
    header = Header(
        title=proposal.title,
        started_on=proposal.started_on,
        video_url=proposal.video_url,
        has_category=bool(proposal.category_id),
    )
    return find_problems(facts_of(proposal, header=header, sections=sections, slots=slots))


def problems_in(submission: Submission) -> list[Finding]:
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
    sections = Section.objects.filter(track=proposal.track_id)
    slots = AttachmentSlot.objects.filter(track=proposal.track_id)
    facts = facts_of(
        proposal,
        header=header,
        sections=tuple(section_fact(each, word_count=words.get(each.key, 0)) for each in sections),
        slots=tuple(slot_fact(each, file_count=files[each.key]) for each in slots),
    )
    return find_problems(facts)


def checklist_of(submission: Submission) -> list[Finding]:
    """What the screener decides on: the findings of today and those of the submission."""
    then = [thaw(frozen) for frozen in submission.content["findings"]]
    return union(problems_in(submission), then)


def facts_of(
    proposal: Proposal,
    *,
    header: Header,
    sections: tuple[SectionFact, ...],
    slots: tuple[SlotFact, ...],
) -> Facts:
    rules = rule_facts(proposal)
    kinds = {rule.kind for rule in rules}
    return Facts(
        title=header.title,
        closes_on=closing_day(proposal.competition),
        sections=sections,
        slots=slots,
        rules=rules,
        started_on=header.started_on,
        video_url=header.video_url,
        video_is_dead=Kind.VIDEO in kinds and is_dead(header.video_url),
        has_category=header.has_category or not proposal.competition.categories.all(),
        earlier_tiers=earlier_tiers(proposal) if kinds & READS_AWARDS else (),
        agency_count=agency_count(proposal) if Kind.QUOTA in kinds else 0,
        unit_count=unit_count(proposal) if Kind.UNIT_QUOTA in kinds else 0,
        agency_level=proposal.endorsing_unit.level,
        unit_level=proposal.unit.level,
        title_twins=title_twins(proposal, title=header.title) if Kind.UNIQUE_TITLE in kinds else (),
    )


def is_dead(url: str) -> bool:
    """As the last look in the background found it; nothing is asked of the network here."""
    dead = VideoCheck.objects.filter(url=url, answer=VideoCheck.Answer.DEAD)
    return bool(url) and dead.exists()


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


def rule_facts(proposal: Proposal) -> tuple[RuleFact, ...]:
    return tuple(
        RuleFact(
            kind=rule.kind,
            article=rule.article,
            limit=rule.limit or 0,
            tiers=tuple(rule.tiers),
            items=tuple(rule.items),
            severity=Severity(rule.severity),
        )
        for rule in proposal.track.rules.all()
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


def agency_count(proposal: Proposal) -> int:
    return sent_before(proposal).filter(endorsing_unit=proposal.endorsing_unit_id).count()


def unit_count(proposal: Proposal) -> int:
    return sent_before(proposal).filter(unit=proposal.unit_id).count()


def sent_before(proposal: Proposal) -> QuerySet[Proposal]:
    """Proposals of the track that the committee received before this one and did not refuse."""
    others = Proposal.objects.filter(
        competition=proposal.competition_id,
        track=proposal.track_id,
        status__in=RECEIVED - {ProposalStatus.INELIGIBLE},
    ).exclude(pk=proposal.pk)
    if proposal.submitted_at:
        others = others.filter(submitted_at__lt=proposal.submitted_at)
    return others


def title_twins(proposal: Proposal, *, title: str) -> tuple[str, ...]:
    """The units of proposals received here with the same title, whatever the case and spacing.

    Drafts do not count: nobody learns by trying titles what another unit is writing.
    """
    wanted = normalise(title)
    others: QuerySet[Proposal] = Proposal.objects.filter(
        competition=proposal.competition_id, title__iexact=wanted, status__in=RECEIVED
    ).exclude(pk=proposal.pk)
    return tuple(others.values_list("unit__name", flat=True).distinct())
