"""What the screener reads: the queue and the frozen submission beside its checklist."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import Case, F, QuerySet, When
from django.db.models.expressions import RawSQL

from accounts.models import User
from competitions.models import Competition
from kipp.lib.prepared import Prepared, given
from proposals.content import FrozenClaim
from proposals.models import Opinion, Proposal, Screening, Submission
from proposals.workflow import RECEIVED, ProposalStatus

# Counted for the lines of the page, not for all that wait.
OPINIONS = RawSQL(
    """(SELECT count(*) FROM proposals_opinion given
        WHERE given.submission_id = proposals_submission.id AND given.screening_id IS NULL)""",
    (),
)


def screening_queue(competition: Competition) -> QuerySet[Submission, Any]:
    """Current submissions that wait for a decision; what came first is first."""
    return (
        waiting_in(competition.pk)
        .order_by("received_at", "pk")
        .values(
            "proposal_id",
            "receipt",
            "received_at",
            "title",
            unit=F("proposal__unit__name"),
            opinion_count=OPINIONS,
        )
    )


def waiting_in(competition_id: Any) -> QuerySet[Submission]:
    """By the proposal, whose index finds those that wait: most of an edition does not."""
    return Submission.objects.filter(
        proposal__competition=competition_id,
        superseded_at=None,
        proposal__status=ProposalStatus.SUBMITTED,
    )


def waiting_count(competition_id: int) -> int:
    """As many as `waiting_in` finds, of the proposals alone: each has one current submission."""
    waiting = Proposal.objects.filter(competition=competition_id, status=ProposalStatus.SUBMITTED)
    return waiting.count()


def next_in_queue(submission: Submission) -> int | None:
    """The proposal that waits next after this one; from the end back to the beginning."""
    found = FOLLOWING.first(
        competition=submission.competition_id,
        submission=submission.pk,
        received_at=submission.received_at,
    )
    return found["proposal_id"] if found else None


FOLLOWING = Prepared(
    lambda: (
        waiting_in(given("competition"))
        .exclude(pk=given("submission"))
        .order_by(
            Case(When(received_at__gte=given("received_at"), then=0), default=1),
            "received_at",
            "pk",
        )
        .values("proposal_id")[:1]
    )
)


def received_here(proposal_id: int, *, competition: Competition) -> Submission | None:
    """The current submission with its proposal, of what the competition's committee received."""
    found = HERE.first(proposal=proposal_id, competition=competition.pk)
    if found:
        found.proposal.competition = found.competition = competition
    return found


HERE = Prepared(
    lambda: Submission.objects.filter(
        superseded_at=None,
        proposal=given("proposal"),
        proposal__competition=given("competition"),
        proposal__status__in=RECEIVED,
    ).select_related(
        *(f"proposal__{part}" for part in ("track", "innovation", "unit", "endorsing_unit"))
    )
)


def current_submission(proposal: Proposal) -> Submission | None:
    """Without its content, which is long."""
    if proposal.submitted_at is None:
        return None
    current = proposal.submissions.filter(superseded_at=None).defer("content")
    return current.select_related("submitted_by").first()


def claims_of(submission: Submission) -> list[FrozenClaim]:
    return cast("list[FrozenClaim]", submission.content["claims"])


def decisions_on(proposal: Proposal) -> list[Screening]:
    """The newest first."""
    return DECISIONS.ask(proposal=proposal.pk)


DECISIONS = Prepared(
    lambda: (
        Screening.objects.filter(submission__proposal=given("proposal"))
        .select_related("decided_by", "submission")
        .defer("submission__content")
    )
)


def last_decision(proposal: Proposal) -> Screening | None:
    """None without a question while nothing was ever submitted."""
    return next(iter(decisions_on(proposal)), None) if proposal.submitted_at else None


def opinions_for(user: User, *, submission: Submission) -> list[Opinion]:
    """The opinions that count now: all of them once two are given, before that only one's own."""
    found = UNDECIDED.ask(submission=submission.pk)
    if len(found) > 1:
        return found
    return [opinion for opinion in found if opinion.decided_by_id == user.pk]


UNDECIDED = Prepared(
    lambda: Opinion.objects.filter(submission=given("submission"), screening=None).select_related(
        "decided_by"
    )
)
