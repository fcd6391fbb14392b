"""What the screener reads: the queue and the frozen submission beside its checklist."""

from __future__ import annotations

from django.db.models import QuerySet
from django.db.models.fields.json import KT

from competitions.models import Competition
from proposals.models import Proposal, Screening, Submission
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
        .annotate(title=KT("content__header__title"))
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
