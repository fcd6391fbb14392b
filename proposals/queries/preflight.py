"""A proposal reduced to the facts that the rules of `eligibility` read."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet

from competitions.models import Competition, EligibilityRule, Round, Section
from kipp.lib.clock import last_minute
from proposals.checklist import union
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
from proposals.models import EarlierAward, Proposal, Submission
from proposals.rulebook import find_problems
from proposals.workflow import RECEIVED, ProposalStatus

Kind = EligibilityRule.Kind
READS_AWARDS = frozenset({Kind.NO_EARLIER_TIER, Kind.EARLIER_TIER, Kind.TIER_LIMIT})


def problems_of(proposal: Proposal) -> list[Finding]:
    return find_problems(facts_of(proposal))


def checklist_of(submission: Submission) -> list[Finding]:
    """What the screener decides on: the findings of today and those of the submission."""
    then = [thaw(frozen) for frozen in submission.findings]
    return union(problems_of(submission.proposal), then)


def facts_of(proposal: Proposal) -> Facts:
    rules = rule_facts(proposal)
    kinds = {rule.kind for rule in rules}
    return Facts(
        title=proposal.title,
        closes_on=closing_day(proposal.competition),
        sections=section_facts(proposal),
        slots=slot_facts(proposal),
        rules=rules,
        started_on=proposal.started_on,
        video_url=proposal.video_url,
        has_category=bool(proposal.category_id or not proposal.competition.categories.exists()),
        earlier_tiers=earlier_tiers(proposal) if kinds & READS_AWARDS else (),
        agency_count=agency_count(proposal) if Kind.QUOTA in kinds else 0,
        unit_count=unit_count(proposal) if Kind.UNIT_QUOTA in kinds else 0,
        title_twins=title_twins(proposal) if Kind.UNIQUE_TITLE in kinds else (),
    )


def section_facts(proposal: Proposal) -> tuple[SectionFact, ...]:
    counts = dict(proposal.answers.values_list("section_id", "word_count"))
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
    mine = Count("attachments", filter=Q(attachments__proposal=proposal))
    return tuple(
        SlotFact(
            key=slot.key, label=slot.label, file_count=slot.file_count, is_required=slot.is_required
        )
        for slot in proposal.track.slots.annotate(file_count=mine)
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
    round_ = Round.objects.filter(competition=competition, kind=Round.Kind.SUBMISSION).first()
    if round_ is None:
        return date(competition.year, 12, 31)
    zone = competition.time_zone
    return last_minute(round_.ends_at, zone=zone).astimezone(ZoneInfo(zone)).date()


def earlier_tiers(proposal: Proposal) -> tuple[EarlierTier, ...]:
    awards = EarlierAward.objects.filter(innovation=proposal.innovation_id)
    return tuple(
        EarlierTier(contest=award.contest, tier=award.tier, year=award.year) for award in awards
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


def title_twins(proposal: Proposal) -> tuple[str, ...]:
    """The units of proposals received here with the same title, whatever the case and spacing.

    Drafts do not count: nobody learns by trying titles what another unit is writing.
    """
    wanted = normalise(proposal.title)
    others: QuerySet[Proposal] = Proposal.objects.filter(
        competition=proposal.competition_id, title__iexact=wanted, status__in=RECEIVED
    ).exclude(pk=proposal.pk)
    return tuple(others.values_list("unit__name", flat=True).distinct())
