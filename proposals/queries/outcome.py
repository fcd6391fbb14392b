"""What the screening came to: who passed, what failed, and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TypedDict

from django.db.models import QuerySet
from django.db.models.fields.json import KT

from competitions.models import Competition
from proposals.models import ReasonCode, Screening, ScreeningNotice, Submission
from proposals.workflow import ProposalStatus


class Passed(TypedDict):
    receipt: str
    title: str
    unit: str
    track: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """Counts of the present moment; a proposal may have failed for several reasons."""

    waiting: int
    passed: int
    failed: int
    reasons: tuple[tuple[str, int], ...]
    findings: tuple[tuple[str, int], ...]


def outcome_of(competition: Competition) -> Outcome:
    decided = last_decisions(competition)
    failed = [each for each in decided if each.verdict == Screening.Verdict.FAILED]
    reasons = Counter(code for each in failed for code in each.reasons)
    articles = Counter(
        checked["finding"]["article"]
        for each in failed
        for checked in each.checklist
        if not checked["override"] and checked["finding"]["article"]
    )
    return Outcome(
        waiting=waiting_for_decision(competition).count(),
        passed=sum(each.verdict == Screening.Verdict.PASSED for each in decided),
        failed=len(failed),
        reasons=tuple((str(ReasonCode(code).label), n) for code, n in reasons.most_common()),
        findings=tuple(articles.most_common()),
    )


def last_decisions(competition: Competition) -> list[Screening]:
    """The one that holds for each proposal that is decided; in the order of the receipts."""
    decided = Screening.objects.filter(
        submission__competition=competition,
        submission__superseded_at=None,
        submission__proposal__status__in=[ProposalStatus.ELIGIBLE, ProposalStatus.INELIGIBLE],
    )
    latest = decided.order_by("submission_id", "-decided_at", "-pk").distinct("submission_id")
    found = latest.select_related("submission__proposal__unit", "submission__competition__host")
    return sorted(found.defer("submission__content"), key=lambda each: each.submission.number)


def waiting_for_decision(competition: Competition) -> QuerySet[Submission]:
    return Submission.objects.filter(
        competition=competition,
        superseded_at=None,
        proposal__status__in=[ProposalStatus.SUBMITTED, ProposalStatus.COMPLETION],
    )


def passed_in(competition: Competition) -> list[Passed]:
    """As it was sent, in the order of the receipts: no ranking stands behind it."""
    passed = Submission.objects.filter(
        competition=competition,
        superseded_at=None,
        proposal__status=ProposalStatus.ELIGIBLE,
    ).order_by("number")
    return [
        {"receipt": receipt, "title": title, "unit": unit, "track": track}
        for receipt, title, unit, track in passed.values_list(
            "receipt",
            "title",
            "unit_name",
            KT("content__header__track__name"),
        )
    ]


def current_notice(competition: Competition) -> ScreeningNotice | None:
    return ScreeningNotice.objects.filter(competition=competition).first()
