"""The endorser's queue over all competitions, with the time that is left for each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Prefetch, QuerySet

from competitions import timeline
from competitions.models import Extension, Round
from competitions.roles import Actor
from proposals.models import Proposal
from proposals.queries.deadlines import KINDS, Deadlines, deadlines_from
from proposals.workflow import ProposalStatus

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class QueueRow:
    """`hours_left` is none where no date is set, and below zero once the time has passed."""

    proposal: Proposal
    ends_at: datetime | None
    hours_left: int | None

    @property
    def is_urgent(self) -> bool:
        return self.hours_left is not None and self.hours_left < 24

    @property
    def is_over(self) -> bool:
        return self.hours_left is not None and self.hours_left < 0


def queue_of(actor: Actor) -> QuerySet[Proposal]:
    """What waits for this person; what waits longest is first."""
    rounds = Round.objects.filter(kind__in=KINDS).prefetch_related(
        Prefetch("extensions", queryset=Extension.objects.select_related("unit"))
    )
    return (
        Proposal.objects.filter(
            endorsing_unit__in=actor.endorser_of, status=ProposalStatus.AWAITING
        )
        .select_related("competition", "unit", "track")
        .prefetch_related(Prefetch("competition__rounds", queryset=rounds))
        .order_by("held_since", "pk")
    )


def queue_rows(proposals: Iterable[Proposal], *, at: datetime) -> list[QueueRow]:
    return [_row(proposal, at=at) for proposal in proposals]


def _row(proposal: Proposal, *, at: datetime) -> QueueRow:
    window = _deadlines(proposal).endorsing
    if window is None:
        return QueueRow(proposal, None, None)
    return QueueRow(proposal, window.ends_at, (window.ends_at - at) // HOUR)


def _deadlines(proposal: Proposal) -> Deadlines:
    rounds = list(proposal.competition.rounds.all())
    shifts = {
        round_.pk: [
            timeline.Shift(
                grant.old_ends_at, grant.new_ends_at, grant.unit.path if grant.unit else None
            )
            for grant in round_.extensions.all()
        ]
        for round_ in rounds
    }
    return deadlines_from(rounds, shifts=shifts, unit=proposal.unit)
