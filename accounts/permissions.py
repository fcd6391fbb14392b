"""Who may do what with units and people: two tables; predicates read facts and run no query."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType

from accounts.models import Membership, Unit, User
from accounts.roles import Member


class UnitAction(StrEnum):
    SEE_MEMBERS = "see_members"
    INVITE = "invite"
    END_MEMBERSHIP = "end_membership"
    CREATE_BELOW = "create_below"
    CHANGE = "change"
    MOVE = "move"
    END = "end"
    SEE_HISTORY = "see_history"
    NAME_DEPUTY = "name_deputy"


class PersonAction(StrEnum):
    CHANGE = "change"
    DEACTIVATE = "deactivate"
    RESET_FACTOR = "reset_factor"


def is_staff_of(member: Member, unit: Unit) -> bool:
    """Author or endorser here, or an endorser above."""
    return member.is_admin or unit.pk in member.author_of or member.endorses_within(unit)


def is_endorser_within(member: Member, unit: Unit) -> bool:
    return member.is_admin or member.endorses_within(unit)


def is_endorser_of(member: Member, unit: Unit) -> bool:
    """Of the very unit: nobody lends what belongs to another."""
    return unit.pk in member.endorser_of


def is_endorser_above(member: Member, unit: Unit) -> bool:
    return member.is_admin or member.endorses_above(unit)


def is_oneself(member: Member, person: User) -> bool:
    return member.user_id == person.pk


def is_admin_but_not_oneself(member: Member, person: User) -> bool:
    return member.is_admin and member.user_id != person.pk


def is_helper_not_oneself(member: Member, person: User) -> bool:
    """The endorser, for the people whose page they may open; judges and committee ask the admin."""
    if member.user_id == person.pk:
        return False
    is_guarded = person.must_use_mfa or person.is_staff
    return member.is_admin or (bool(member.endorser_of) and not is_guarded)


UNIT_RULES: Mapping[UnitAction, Callable[[Member, Unit], bool]] = MappingProxyType(
    {
        UnitAction.SEE_MEMBERS: is_staff_of,
        UnitAction.INVITE: is_endorser_within,
        UnitAction.END_MEMBERSHIP: is_endorser_within,
        UnitAction.CREATE_BELOW: is_endorser_within,
        UnitAction.CHANGE: is_endorser_above,
        UnitAction.MOVE: is_endorser_above,
        UnitAction.END: is_endorser_above,
        UnitAction.SEE_HISTORY: is_endorser_within,
        UnitAction.NAME_DEPUTY: is_endorser_of,
    }
)

PERSON_RULES: Mapping[PersonAction, Callable[[Member, User], bool]] = MappingProxyType(
    {
        PersonAction.CHANGE: is_oneself,
        PersonAction.DEACTIVATE: is_admin_but_not_oneself,
        PersonAction.RESET_FACTOR: is_helper_not_oneself,
    }
)


def may(member: Member, action: UnitAction, unit: Unit) -> bool:
    return UNIT_RULES[action](member, unit)


def may_person(member: Member, action: PersonAction, person: User) -> bool:
    return PERSON_RULES[action](member, person)


def may_create_root(member: Member) -> bool:
    """A government that belongs to nothing."""
    return member.is_admin


def may_import(member: Member) -> bool:
    return member.is_admin or bool(member.governs)


def may_end(member: Member, membership: Membership) -> bool:
    """Nobody ends their own: the last endorser would lock the unit out."""
    return membership.user_id != member.user_id and may(
        member, UnitAction.END_MEMBERSHIP, membership.unit
    )


def allowed_actions(member: Member, unit: Unit) -> frozenset[str]:
    """The buttons to draw: who may. To a unit that has ended only its successor may be added."""
    known = set(UnitAction)
    if unit.ended_on:
        known = {UnitAction.SEE_MEMBERS, UnitAction.SEE_HISTORY}
        known |= set() if unit.successor_id else {UnitAction.END}
    return frozenset(action for action in known if may(member, action, unit))


def allowed_person_actions(member: Member, person: User) -> frozenset[str]:
    return frozenset(action for action in PersonAction if may_person(member, action, person))
