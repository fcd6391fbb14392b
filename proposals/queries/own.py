"""What a unit's people see of their own: innovations, proposals, competitions to enter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, FilteredRelation, OuterRef, Prefetch, Q, QuerySet

from accounts.models import Unit
from accounts.models.units import UnitQuerySet
from competitions.models import Competition, Round
from competitions.roles import Actor
from proposals.models import Innovation, Proposal
from proposals.workflow import ProposalStatus


@dataclass(frozen=True, slots=True)
class InnovationRow:
    innovation: Innovation
    proposals: list[Proposal]


def paths_of(actor: Actor) -> list[str]:
    return [*actor.author_of.values(), *actor.endorser_of.values()]


def units_of(actor: Actor) -> QuerySet[Unit]:
    """Units that the person may enter innovations for: own ones and those below an agency."""
    wanted = Q(pk__in=actor.author_of)
    for path in actor.endorser_of.values():
        wanted |= Q(path__startswith=path)
    return Unit.objects.filter(wanted, ended_on=None)


def innovations_of(actor: Actor) -> QuerySet[Innovation]:
    mine = Proposal.objects.visible_to(actor).select_related("competition")
    return (
        Innovation.objects.enterable_by(actor)
        .select_related("unit__successor")
        .prefetch_related(Prefetch("proposals", queryset=mine.order_by("-created_at")))
        .order_by("-created_at", "-pk")
    )


def innovation_rows(innovations: Iterable[Innovation]) -> list[InnovationRow]:
    return [
        InnovationRow(innovation, list(innovation.proposals.all())) for innovation in innovations
    ]


def origin_of(proposal: Proposal) -> Unit | None:
    """The unit that ended and had made the innovation, if it is not the proposal's own."""
    if proposal.innovation.unit_id == proposal.unit_id:
        return None
    return proposal.innovation.unit


def listed_for(actor: Actor) -> QuerySet[Proposal]:
    """Every proposal of the person's units and agencies, with its receipt; never a committee's."""
    of_units = Actor(author_of=actor.author_of, endorser_of=actor.endorser_of)
    current = FilteredRelation("submissions", condition=Q(submissions__superseded_at=None))
    return (
        Proposal.objects.visible_to(of_units)
        .select_related("competition", "track", "category", "unit", "endorsing_unit")
        .annotate(current=current, receipt=F("current__receipt"))
        .order_by("-competition__year", "competition__name", "unit__name", "title", "pk")
    )


def running_for(actor: Actor, *, at: datetime) -> list[Competition]:
    """Published competitions above one of the person's units whose submission is open."""
    still = Q(ends_at__gt=at) | Q(extensions__new_ends_at__gt=at)
    open_rounds = Round.objects.filter(
        still, competition=OuterRef("pk"), kind=Round.Kind.SUBMISSION, starts_at__lte=at
    )
    running = Competition.objects.published().filter(Exists(open_rounds)).select_related("host")
    paths = paths_of(actor)
    return [
        competition
        for competition in running
        if any(is_below(path, competition.host.path) for path in paths)
    ]


def is_below(path: str, host_path: str) -> bool:
    return path != host_path and path.startswith(host_path)


def entering_units(competition: Competition, *, actor: Actor) -> UnitQuerySet:
    """The person's units below the host.

    Whoever endorses for the host itself starts nothing: the draft would be closed to them.
    """
    host = competition.host
    mine = Q(pk__in=actor.author_of)
    for path in actor.endorser_of.values():
        if is_below(path, host.path):
            mine |= Q(path__startswith=path)
    below = Unit.objects.filter(mine, path__startswith=host.path, ended_on=None)
    return below.exclude(pk=host.pk)


def enterable_in(competition: Competition, *, actor: Actor) -> QuerySet[Innovation]:
    """Innovations of these units that are not in this competition yet."""
    entered = Proposal.objects.filter(innovation=OuterRef("pk"), competition=competition).exclude(
        status=ProposalStatus.WITHDRAWN
    )
    units = entering_units(competition, actor=actor)
    found = Innovation.objects.filter(~Exists(entered), unit__in=units.with_former())
    return found.select_related("unit__successor")
