"""Who comes to a workshop: seen by the committee as a whole, by a unit for itself."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from accounts.models import Unit
from competitions.models import Attendee, Competition, Material, Workshop
from competitions.roles import Actor


@dataclass(frozen=True, slots=True)
class AttendanceCounts:
    seats: int
    signed_up: int
    attended: int


def attendance_counts(workshop: Workshop) -> AttendanceCounts:
    found = workshop.attendees.aggregate(all=Count("pk"), here=Count("attended_at"))
    return AttendanceCounts(workshop.seats, found["all"], found["here"])


def workshops_of(competition: Competition) -> QuerySet[Workshop]:
    found = Workshop.objects.filter(round__competition=competition)
    return found.select_related("round__competition__host").prefetch_related(
        "round__extensions__unit"
    )


def workshops_with_counts(competition: Competition) -> QuerySet[Workshop]:
    """With `signed_up` and `attended`, in the order in which they begin."""
    return (
        Workshop.objects.filter(round__competition=competition)
        .select_related("round")
        .annotate(signed_up=Count("attendees"), attended=Count("attendees__attended_at"))
        .order_by("round__starts_at", "pk")
    )


def attendees_of(workshop: Workshop, *, asked: str = "") -> QuerySet[Attendee]:
    """`asked`: a part of the person's or the unit's name."""
    attendees = workshop.attendees.select_related("unit", "signed_up_by", "marked_by")
    if not asked:
        return attendees
    return attendees.filter(Q(full_name__icontains=asked) | Q(unit__name__icontains=asked))


def attendees_visible_to(actor: Actor, workshop: Workshop) -> QuerySet[Attendee]:
    """The committee sees everybody, the people of a unit whom their own units send."""
    attendees = attendees_of(workshop)
    if actor.has_seat(workshop.round.competition_id):
        return attendees
    return attendees.filter(unit__in=sendable_units(actor, workshop.round.competition))


def tickets_of(competition: Competition) -> QuerySet[Attendee]:
    tickets = Attendee.objects.filter(workshop__round__competition=competition)
    return tickets.select_related("unit", "workshop__round__competition__host", "marked_by")


def sendable_units(actor: Actor, competition: Competition) -> QuerySet[Unit]:
    """Units that the person may sign people up for: the own ones and those below an agency."""
    wanted = Q(pk__in=[*actor.author_of, *actor.endorser_of])
    for path in actor.endorser_of.values():
        wanted |= Q(path__startswith=path)
    return Unit.objects.within(competition.host).filter(wanted, ended_on=None)


def materials_of(competition: Competition) -> QuerySet[Material]:
    materials = Material.objects.filter(workshop__round__competition=competition)
    return materials.select_related("workshop__round__competition")
