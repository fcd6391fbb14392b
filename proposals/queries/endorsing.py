"""The endorser's queue over all competitions, with the time that is left for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Prefetch, QuerySet

from accounts.models import Deputy
from competitions import timeline
from competitions.models import Extension, Round
from competitions.roles import Actor
from proposals.models import Proposal, Reading
from proposals.pace import Pace, per_day
from proposals.queries.deadlines import (
    KINDS,
    Deadlines,
    deadlines_from,
    with_grace,
)
from proposals.queries.people import endorsers_of
from proposals.workflow import ProposalStatus

HOUR = timedelta(hours=1)
# Below it hours are told, above it full days.
COUNTED_IN_HOURS = 72


@dataclass(frozen=True, slots=True)
class QueueRow:
    """`hours_left` is none where no date is set, and below zero once the time has passed."""

    proposal: Proposal
    ends_at: datetime | None
    hours_left: int | None
    is_read: bool = False

    @property
    def key(self) -> str:
        return str(self.proposal.pk)

    @property
    def days_left(self) -> int | None:
        """Full days, as long as nobody counts hours."""
        if self.hours_left is None or self.hours_left < COUNTED_IN_HOURS:
            return None
        return self.hours_left // 24

    @property
    def is_urgent(self) -> bool:
        return self.hours_left is not None and self.hours_left < 24

    @property
    def is_over(self) -> bool:
        return self.hours_left is not None and self.hours_left < 0


@dataclass(frozen=True, slots=True)
class DeskLine:
    """What the unit is told while the endorser holds it: who that is, and whether time is over."""

    people: str
    is_over: bool


def desk_line(proposal: Proposal, *, deadlines: Deadlines, at: datetime) -> DeskLine | None:
    """None while the proposal lies elsewhere."""
    if proposal.status != ProposalStatus.AWAITING:
        return None
    window = deadlines.endorsing
    people = ", ".join(person.full_name for person in endorsers_of(proposal))
    return DeskLine(people, is_over=window is not None and at >= window.ends_at)


def deputies_among(actor: Actor) -> QuerySet[Deputy]:
    """Who endorses beside or instead of this person now; oneself, if that is the deputy."""
    acting = Deputy.objects.acting().filter(unit__in=actor.endorser_of)
    return acting.select_related("user", "unit", "named_by")


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


def queue_rows(actor: Actor, *, at: datetime) -> list[QueueRow]:
    """The whole queue, in four queries whatever its length."""
    read = set(_read_by(actor))
    return [_row(proposal, is_read=proposal.pk in read, at=at) for proposal in queue_of(actor)]


def paces_of(rows: Iterable[QueueRow], *, at: datetime) -> list[Pace]:
    """What still can be done in time, per competition and end; what ends first stands first."""
    waiting = Counter(
        (row.ends_at, row.proposal.competition)
        for row in rows
        if row.ends_at is not None and not row.is_over
    )
    return [
        Pace(
            competition=competition.name,
            zone=competition.time_zone,
            ends_at=ends_at,
            waiting=count,
            per_day=per_day(count, ends_at=ends_at, at=at, zone=competition.time_zone),
        )
        for (ends_at, competition), count in sorted(
            waiting.items(), key=lambda item: (item[0][0], item[0][1].name)
        )
    ]


def _read_by(actor: Actor) -> QuerySet[Reading, int]:
    """What lies on the desk as it was when this person marked it as read."""
    return Reading.objects.filter(
        reader=actor.user_id,
        proposal__endorsing_unit__in=actor.endorser_of,
        proposal__status=ProposalStatus.AWAITING,
        version=F("proposal__version"),
    ).values_list("proposal_id", flat=True)


def _row(proposal: Proposal, *, is_read: bool, at: datetime) -> QueueRow:
    window = _deadlines(proposal).endorsing
    if window is None:
        return QueueRow(proposal, None, None, is_read)
    return QueueRow(proposal, window.ends_at, (window.ends_at - at) // HOUR, is_read)


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
    found = deadlines_from(rounds, shifts=shifts, unit=proposal.unit)
    return with_grace(found, proposal)
