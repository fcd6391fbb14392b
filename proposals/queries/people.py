"""Who writes, who endorses, who still owes something."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Value

from accounts.models import Deputy, Membership, Unit, User
from accounts.queries import endorsing
from competitions.models import CommitteeSeat, Competition, Round
from competitions.reminders import Obligation
from kipp.lib.prepared import given
from proposals.models import Proposal
from proposals.workflow import UNFINISHED, ProposalStatus

Role = Membership.Role
IDLE = "idle"


def authors_of(proposal: Proposal) -> list[User]:
    return _members(Q(unit=proposal.unit_id, role=Role.AUTHOR))


def endorsers_of(proposal: Proposal) -> list[User]:
    """With the deputies of this moment."""
    acting = Deputy.objects.acting().filter(unit=proposal.endorsing_unit_id)
    place = Q(unit=proposal.endorsing_unit_id)
    return _members(place & (Q(role=Role.ENDORSER) | Q(user__in=acting.values("user"))))


def superiors_of(proposal: Proposal) -> list[User]:
    """Endorsers of the nearest unit above the one that endorses; without any, the organizers."""
    path = proposal.endorsing_unit.path
    above = [int(part) for part in path.split("/") if part][-2::-1]
    for unit_id in above:
        if people := _members(Q(unit=unit_id, role=Role.ENDORSER)):
            return people
    return list(
        User.objects.filter(
            is_active=True,
            committee_seats__competition=proposal.competition_id,
            committee_seats__role=CommitteeSeat.Role.ORGANIZER,
        ).distinct()
    )


def chairs_of(competition_id: int) -> list[User]:
    seats = CommitteeSeat.objects.filter(competition=competition_id, role=CommitteeSeat.Role.CHAIR)
    return list(User.objects.filter(is_active=True, pk__in=seats.values("user")))


def members_of(proposal: Proposal) -> list[User]:
    """Authors and endorsers; who is both comes once."""
    return _members(
        Q(unit=proposal.unit_id, role=Role.AUTHOR)
        | Q(unit=proposal.endorsing_unit_id, role=Role.ENDORSER)
    )


def _members(places: Q) -> list[User]:
    current = Membership.objects.current().filter(places)
    return list(User.objects.filter(is_active=True, memberships__in=current).distinct())


def unfinished_in(competition: Competition) -> QuerySet[Proposal]:
    """The one definition of "unfinished", `workflow.UNFINISHED`, behind screen and mail."""
    return Proposal.objects.filter(competition=competition, status__in=UNFINISHED)


def queued_in(competition: Competition) -> QuerySet[Proposal]:
    """What lies on endorsers' desks."""
    return Proposal.objects.filter(competition=competition, status=ProposalStatus.AWAITING)


def idle_units(competition: Competition) -> QuerySet[Unit]:
    """Units below the host with an author, and with no proposal in the competition at all."""
    host = competition.host
    return _idle(competition=competition.pk, host=host.pk, path=host.path)


def _idle(*, competition: int, host: int, path: str) -> QuerySet[Unit]:
    entered = Proposal.objects.filter(competition=competition).exclude(
        status=ProposalStatus.WITHDRAWN
    )
    writes = Membership.objects.current().filter(unit=OuterRef("pk"), role=Role.AUTHOR)
    below = Unit.objects.filter(path__startswith=path).exclude(pk=host)
    # Not by `Exists`, for which PostgreSQL reads what each unit entered in any competition.
    return below.filter(Exists(writes), ended_on=None).exclude(pk__in=entered.values("unit"))


def count_idle() -> QuerySet[Unit, Any]:
    """`IDLE` and how many units that are, for a prepared query; no row where there are none."""
    idle = _idle(competition=given("competition"), host=given("host"), path=given("path"))
    return idle.order_by().values_list(Value(IDLE)).annotate(count=Count("pk"))


def unfinished_authors(round_: Round, *, among: Collection[User] | None = None) -> list[Obligation]:
    """Authors with a proposal that is not sent, or whose unit has not started one.

    One row per person and unit, as each unit may have a deadline of its own.
    """
    competition = round_.competition
    authors = _owing(Membership.objects.current().filter(role=Role.AUTHOR), among=among)
    started = authors.filter(unit__proposals__in=unfinished_in(competition))
    idle = authors.filter(unit__in=idle_units(competition))
    owed = started.annotate(
        count=Count("unit__proposals"), since=Min("unit__proposals__held_since")
    )
    rows = [_obligation(row, since=row.since, count=row.count) for row in owed]
    return rows + [_obligation(row, since=round_.starts_at, count=1) for row in idle]


def endorsers_with_queue(
    round_: Round, *, among: Collection[User] | None = None
) -> list[Obligation]:
    """Endorsers on whose desk proposals wait, and their deputies of this moment."""
    owed = (
        _owing(endorsing(), among=among)
        .filter(unit__to_endorse__in=queued_in(round_.competition))
        .annotate(count=Count("unit__to_endorse"), since=Min("unit__to_endorse__held_since"))
    )
    return [_obligation(row, since=row.since, count=row.count) for row in owed]


def superiors_of_authors(
    round_: Round, *, among: Collection[User] | None = None
) -> list[Obligation]:
    """Endorsers of agencies with units below them that have not sent; each unit counts once."""
    host = round_.competition.host
    endorsers = _owing(endorsing(), among=among)
    desks: dict[str, list[Membership]] = {}
    for desk in endorsers.filter(unit__path__startswith=host.path).exclude(unit=host):
        desks.setdefault(desk.unit.path, []).append(desk)
    return [
        Obligation(recipient=desk.user, unit_path=path, since=since, count=1)
        for path, since in _units_behind(round_, below=None if among is None else desks).items()
        for desk in desks.get(_agency_of(path, host=host.path), ())
    ]


def _units_behind(round_: Round, *, below: Iterable[str] | None) -> dict[str, datetime]:
    """Paths of units that have begun nothing or not sent it, and since when."""
    places = Q()
    for path in below or ():
        places |= Q(path__startswith=path)
    if below is not None and not places:
        return {}
    idle = idle_units(round_.competition).filter(places).values_list("path", flat=True)
    behind = dict.fromkeys(idle, round_.starts_at)
    started = Unit.objects.filter(places, proposals__in=unfinished_in(round_.competition))
    rows = started.order_by().values_list("path").annotate(since=Min("proposals__held_since"))
    return behind | dict(rows)


def _agency_of(path: str, *, host: str) -> str:
    """The path of the unit directly below the host."""
    return host + path.removeprefix(host).partition("/")[0] + "/"


def _owing(people: QuerySet[Membership], *, among: Collection[User] | None) -> QuerySet[Membership]:
    people = people.filter(user__is_active=True)
    if among is not None:
        people = people.filter(user__in=among)
    return people.select_related("user", "unit")


def _obligation(membership: Membership, *, since: datetime, count: int) -> Obligation:
    return Obligation(
        recipient=membership.user, unit_path=membership.unit.path, since=since, count=count
    )
