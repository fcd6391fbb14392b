"""Who is concerned: people of the units below the host, and who has not signed up yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Membership, Unit, User
from accounts.queries import endorsing
from competitions.models import Attendee, Competition, Round, Workshop

# Rounds in which the units themselves have something to do or to wait for.
OF_UNITS = frozenset(
    {
        Round.Kind.WORKSHOP,
        Round.Kind.SUBMISSION,
        Round.Kind.ENDORSEMENT,
        Round.Kind.OBJECTION,
        Round.Kind.ANNOUNCEMENT,
    }
)


@dataclass(frozen=True, slots=True)
class Invited:
    """A person of a unit that has not signed up for the workshop."""

    user: User
    unit: Unit
    since: datetime


def people_concerned(round_: Round, *, unit: Unit | None = None) -> QuerySet[User]:
    """Who is told when the round moves: authors and endorsers it moves for, and the committee."""
    competition = round_.competition
    wanted = Q(committee_seats__competition=competition)
    if round_.kind in OF_UNITS:
        within = Membership.objects.current().filter(
            user=OuterRef("pk"), unit__path__startswith=(unit or competition.host).path
        )
        wanted |= Q(Exists(within))
        if unit is not None:
            above = endorsing().filter(
                user=OuterRef("pk"),
                unit_id__in=unit.lineage,
                unit__path__startswith=competition.host.path,
            )
            wanted |= Q(Exists(above))
    return User.objects.filter(wanted, is_active=True).distinct()


def people_to_tell(
    round_: Round, *, unit: Unit | None, also: Iterable[User] = ()
) -> tuple[User, ...]:
    """Each person once, by name: the people concerned, and those whom a floor above names."""
    people = {person.pk: person for person in people_concerned(round_, unit=unit)}
    people |= {person.pk: person for person in also if person.is_active}
    return tuple(sorted(people.values(), key=lambda person: (person.full_name, person.pk)))


def units_of(competition: Competition, *, at: datetime) -> QuerySet[Unit]:
    """Existing units below the host, itself included, that people belong to."""
    members = Membership.objects.current().filter(unit=OuterRef("pk"), user__is_active=True)
    return Unit.objects.within(competition.host).existing_on(at).filter(Exists(members))


def invited_without_signup(workshop: Workshop, *, at: datetime) -> tuple[Invited, ...]:
    """The people to remind: each with one unit that nobody was signed up for yet."""
    signed_up = Attendee.objects.filter(workshop=workshop, unit=OuterRef("unit"))
    waiting = (
        Membership.objects.current()
        .filter(
            ~Exists(signed_up),
            unit__in=units_of(workshop.round.competition, at=at),
            user__is_active=True,
        )
        .select_related("user", "unit")
        .order_by("user_id", "started_at", "pk")
        .distinct("user_id")
    )
    return tuple(Invited(row.user, row.unit, row.started_at) for row in waiting)
