"""What the screener reads: the queue and the frozen submission beside its checklist."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet
from django.db.models.fields.json import KT

from accounts.models import User
from competitions.models import Competition
from proposals.models import Opinion, Proposal, Screening, Submission
from proposals.workflow import ProposalStatus


def screening_queue(competition: Competition) -> QuerySet[Submission]:
    """Current submissions that wait for a decision; what came first is first."""
    return (
        Submission.objects.filter(
            competition=competition,
            superseded_at=None,
            proposal__status=ProposalStatus.SUBMITTED,
        )
        .select_related("proposal__unit", "proposal__endorsing_unit", "proposal__track")
        .annotate(
            title=KT("content__header__title"),
            opinion_count=Count("opinions", filter=Q(opinions__screening=None)),
        )
        .defer("content")
        .order_by("received_at", "pk")
    )


def next_in_queue(submission: Submission) -> Submission | None:
    """The next that waits after this one; from the end back to the beginning."""
    queue = screening_queue(submission.competition).exclude(pk=submission.pk)
    return queue.filter(received_at__gte=submission.received_at).first() or queue.first()


def current_submission(proposal: Proposal) -> Submission | None:
    return proposal.submissions.filter(superseded_at=None).select_related("submitted_by").first()


def decisions_on(proposal: Proposal) -> QuerySet[Screening]:
    return Screening.objects.filter(submission__proposal=proposal).select_related(
        "decided_by", "submission"
    )


def opinions_for(user: User, *, submission: Submission) -> list[Opinion]:
    """The opinions that count now: all of them once two are given, before that only one's own."""
    given = list(submission.opinions.filter(screening=None).select_related("decided_by"))
    if len(given) > 1:
        return given
    return [opinion for opinion in given if opinion.decided_by_id == user.pk]
