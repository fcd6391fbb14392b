"""Reads across people, units and what binds them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.audit import trail_of, type_of
from accounts.models import AuditEntry, Deputy, Invitation, Membership, Unit, User
from accounts.roles import Member

HISTORY_LENGTH = 50
# Of which object a line of the history speaks, by its type and id.
Names = dict[tuple[str, str], str]


def list_units(member: Member, *, search: str = "") -> QuerySet[Unit]:
    """The units one may open, each below the one it belongs to, with the number of people."""
    units = Unit.objects.visible_to(member).select_related("parent")
    if search:
        units = units.filter(
            Q(name__icontains=search) | Q(abbr__icontains=search) | Q(code__iexact=search)
        )
    members = Count("memberships", filter=Q(memberships__ended_at=None))
    return units.annotate(member_count=members).order_by("path")


def successions() -> QuerySet[Unit, tuple[int, str]]:
    """For `carriers_in`."""
    ended = Unit.objects.exclude(successor=None).order_by()
    return ended.values_list("pk", "successor__path")


def carriers_in(rows: Iterable[tuple[int, str]]) -> dict[int, tuple[int, ...]]:
    """Of each unit that named a successor: the lineage of the last unit in that line."""
    heirs = {ended: Unit(path=path).lineage for ended, path in rows}
    carriers = {}
    for ended in heirs:
        last = ended
        while last in heirs:
            carriers[ended] = heirs[last]
            last = heirs[last][-1]
    return carriers


def list_people(member: Member, *, search: str = "") -> QuerySet[User]:
    people = User.objects.visible_to(member)
    if search:
        people = people.filter(Q(full_name__icontains=search) | Q(email__icontains=search))
    return people.order_by("full_name", "pk")


def members_of(unit: Unit) -> QuerySet[Membership]:
    current = Membership.objects.current().filter(unit=unit)
    return current.select_related("user", "unit").order_by("role", "user__full_name", "pk")


def endorsing() -> QuerySet[Membership]:
    """Endorsers, and who stands in for one at this moment; a person comes once for a unit."""
    here = {"user": OuterRef("user"), "unit": OuterRef("unit")}
    is_endorser = Q(role=Membership.Role.ENDORSER)
    own = Membership.objects.current().filter(is_endorser, **here)
    stands_in = Q(Exists(Deputy.objects.acting().filter(**here)), ~Exists(own))
    return Membership.objects.current().filter(is_endorser | stands_in)


def deputies_of(unit: Unit) -> QuerySet[Deputy]:
    return Deputy.objects.coming().filter(unit=unit).select_related("user", "named_by")


def deputies_to_name(unit: Unit, *, besides: User) -> QuerySet[User]:
    """Members of the unit who do not endorse for it anyway."""
    here = Membership.objects.current().filter(unit=unit)
    endorsers = here.filter(role=Membership.Role.ENDORSER)
    people = User.objects.filter(is_active=True, pk__in=here.values("user"))
    return people.exclude(pk__in=endorsers.values("user")).exclude(pk=besides.pk)


def waiting_invitations(unit: Unit) -> QuerySet[Invitation]:
    """Neither accepted nor revoked; expired ones too, because they can be sent again."""
    return unit.invitations.filter(accepted_at=None, revoked_at=None).order_by("email", "pk")


def places_of(person: User) -> QuerySet[Membership]:
    return person.memberships.select_related("unit").order_by("ended_at", "started_at", "pk")


def history_of_unit(unit: Unit) -> tuple[list[AuditEntry], Names]:
    """Newest first: the unit's own moves, its memberships and its invitations."""
    memberships = list(unit.memberships.select_related("user"))
    invitations = list(unit.invitations.all())
    names: Names = {
        (type_of(each), str(each.pk)): f"{each.user}, {each.get_role_display()}"
        for each in memberships
    }
    names |= {(type_of(each), str(each.pk)): each.email for each in invitations}
    return _newest(unit, *memberships, *invitations), names


def history_of_person(person: User) -> tuple[list[AuditEntry], Names]:
    memberships = list(person.memberships.select_related("unit"))
    names: Names = {
        (type_of(each), str(each.pk)): f"{each.get_role_display()}, {each.unit}"
        for each in memberships
    }
    return _newest(person, *memberships), names


def open_invitation_of(person: User, *, at: datetime) -> Invitation | None:
    return Invitation.objects.usable_at(at).filter(email__iexact=person.email).first()


def _newest(*subjects: Unit | User | Membership | Invitation) -> list[AuditEntry]:
    return list(trail_of(*subjects).order_by("-number")[:HISTORY_LENGTH])
