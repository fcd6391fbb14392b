"""Silence on an endorser's desk is told to the one above, once for each time that it lay there."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import (
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    QuerySet,
    TextField,
)
from django.db.models.functions import Cast

from accounts.audit import record
from accounts.models import AuditEntry
from competitions.workflow import CompetitionStatus
from proposals.models import Proposal
from proposals.queries.deadlines import deadlines_for
from proposals.queries.people import endorsers_of, superiors_of
from proposals.services.letters import tell
from proposals.services.locks import lock_proposal
from proposals.workflow import ProposalStatus

ESCALATED = "proposal.escalated"
HOUR = timedelta(hours=1)


def escalate_silence(*, at: datetime) -> int:
    """Tell of every proposal that has waited too long; return how many."""
    return sum(escalate(proposal, at=at) for proposal in silent_at(at))


def silent_at(at: datetime) -> QuerySet[Proposal]:
    """What waits longer than its edition allows, and nobody above was told of since."""
    told = AuditEntry.objects.filter(
        object_type="proposal",
        object_id=OuterRef("key"),
        action=ESCALATED,
        at__gte=OuterRef("held_since"),
    )
    patience = ExpressionWrapper(F("competition__silence_hours") * HOUR, DurationField())
    return (
        Proposal.objects.for_page()
        .filter(
            status=ProposalStatus.AWAITING,
            competition__status=CompetitionStatus.PUBLISHED,
            competition__silence_hours__gt=0,
        )
        .alias(patience=patience, key=Cast("pk", TextField()))
        .filter(~Exists(told), held_since__lte=at - F("patience"))
        .order_by("held_since", "pk")
    )


@transaction.atomic
def escalate(proposal: Proposal, *, at: datetime) -> int:
    """1 if somebody was told now; whoever comes second finds the entry of the first."""
    lock_proposal(proposal)
    window = deadlines_for(proposal).endorsing
    is_over = window is not None and at >= window.ends_at
    if is_over or not silent_at(at).filter(pk=proposal.pk).exists():
        return 0
    people = superiors_of(proposal)
    tell(
        people,
        "proposal_silent",
        proposal,
        occasion=f"v{proposal.version}",
        at=at,
        context={
            "deadline": window,
            "agency": proposal.endorsing_unit,
            "endorsers": endorsers_of(proposal),
        },
    )
    record(None, ESCALATED, proposal, at=at, count=len(people))
    return 1
