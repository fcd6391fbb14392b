"""What goes into the dossier of one proposal, for the reader who takes it away."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from accounts.audit import type_of
from accounts.models import Membership, Message
from proposals.models import Endorsement, Opinion, Proposal, Screening, Submission


def submissions_of(proposal: Proposal) -> list[Submission]:
    """All of them, the earlier ones that a completion replaced too; the first is first."""
    submissions = Submission.objects.filter(proposal=proposal).order_by("number")
    return list(submissions.select_related("submitted_by", "competition__host"))


def endorsements_of(proposal: Proposal) -> list[Endorsement]:
    return list(Endorsement.objects.filter(proposal=proposal).select_related("decided_by"))


def full_decisions(proposal: Proposal) -> list[Screening]:
    """The last one first."""
    decisions = Screening.objects.filter(submission__proposal=proposal)
    return list(
        decisions.select_related(
            "decided_by", "submission__proposal__unit", "submission__competition__host"
        ).defer("submission__content")
    )


def opinions_of(proposal: Proposal) -> list[Opinion]:
    opinions = Opinion.objects.filter(submission__proposal=proposal)
    return list(opinions.select_related("decided_by"))


def mails_about(proposal: Proposal) -> QuerySet[Message]:
    """By their own date; what held a token is no part of the story."""
    mine = Q(object_type=type_of(proposal), object_id=str(proposal.pk))
    sent = [str(pk) for pk in proposal.submissions.values_list("pk", flat=True)]
    mine |= Q(object_type=type_of(Submission()), object_id__in=sent)
    told = Message.objects.filter(mine, is_secret=False).select_related("recipient")
    return told.order_by("created_at", "pk")


def mails_to_unit(proposal: Proposal) -> QuerySet[Message]:
    """What the unit's own people and those above it were told, nobody else."""
    people = Membership.objects.filter(unit__in=proposal.unit.lineage).values("user")
    return mails_about(proposal).filter(recipient__in=people)
