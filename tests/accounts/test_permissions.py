from __future__ import annotations

import pytest

from accounts.models import Membership, Unit, User
from accounts.permissions import (
    PersonAction,
    UnitAction,
    allowed_actions,
    allowed_person_actions,
    may_create_root,
    may_end,
    may_import,
    may_person,
)
from accounts.roles import Member, load_member
from tests import make

PATHS = {"city": "/1/", "agency": "/1/2/", "clinic": "/1/2/3/", "other": "/1/4/"}
LEVELS = {"city": "government", "agency": "agency", "clinic": "service", "other": "agency"}
EVERYTHING = "see_members invite end_membership create_below change move end see_history"
# What each may do to the agency in the middle.
UNIT_TABLE = {
    "stranger": "",
    "author city": "",
    "author agency": "see_members",
    "author clinic": "",
    "endorser city": EVERYTHING,
    "endorser agency": "see_members invite end_membership create_below see_history name_deputy",
    "endorser clinic": "",
    "endorser other": "",
    "admin": EVERYTHING,
}


def unit_at(name: str, *, has_ended: bool = False) -> Unit:
    path = PATHS[name]
    pk = int(path.rstrip("/").rsplit("/", 1)[-1])
    ended_on = make.NOON.date() if has_ended else None
    return Unit(pk=pk, name=name, path=path, level=LEVELS[name], ended_on=ended_on)


def member_as(who: str) -> Member:
    role, _space, name = who.partition(" ")
    if role == "admin":
        return Member(user_id=1, is_admin=True)
    if role == "stranger":
        return Member(user_id=1)
    unit = unit_at(name)
    held = {unit.pk: unit.path}
    if role == "author":
        return Member(user_id=1, author_of=held)
    return Member(user_id=1, endorser_of=held, governs=held if name == "city" else {})


@pytest.mark.parametrize(("who", "actions"), UNIT_TABLE.items())
def test_who_may_do_what_with_a_unit(who: str, actions: str) -> None:
    assert allowed_actions(member_as(who), unit_at("agency")) == frozenset(actions.split())


@pytest.mark.parametrize(
    ("who", "actions"),
    [
        ("author agency", "see_members"),
        ("endorser agency", "see_members see_history"),
        ("admin", "end see_members see_history"),
        ("stranger", ""),
    ],
)
def test_unit_that_has_ended_only_gets_a_successor(who: str, actions: str) -> None:
    unit = unit_at("agency", has_ended=True)

    assert allowed_actions(member_as(who), unit) == frozenset(actions.split())


@pytest.mark.parametrize(
    ("who", "root", "imports"),
    [
        ("stranger", False, False),
        ("author city", False, False),
        ("endorser agency", False, False),
        ("endorser city", False, True),
        ("admin", True, True),
    ],
)
def test_who_enters_governments_and_sheets(
    who: str,
    root: bool,  # noqa: FBT001
    imports: bool,  # noqa: FBT001
) -> None:
    member = member_as(who)

    assert (may_create_root(member), may_import(member)) == (root, imports)


@pytest.mark.parametrize(
    ("who", "person", "actions"),
    [
        ("stranger", 1, {PersonAction.CHANGE}),
        ("stranger", 2, set()),
        ("author agency", 2, set()),
        ("endorser city", 1, {PersonAction.CHANGE}),
        ("endorser city", 2, {PersonAction.RESET_FACTOR}),
        ("admin", 2, {PersonAction.DEACTIVATE, PersonAction.RESET_FACTOR}),
        ("admin", 1, {PersonAction.CHANGE}),
    ],
)
def test_who_may_do_what_with_a_person(who: str, person: int, actions: set[PersonAction]) -> None:
    assert allowed_person_actions(member_as(who), User(pk=person)) == actions


@pytest.mark.parametrize("guard", ["must_use_mfa", "is_staff"])
def test_factor_of_judge_and_committee_is_reset_by_the_admin_alone(guard: str) -> None:
    person = User(pk=2, **{guard: True})

    may = {
        who: may_person(member_as(who), PersonAction.RESET_FACTOR, person)
        for who in ("endorser city", "admin")
    }
    assert may == {"endorser city": False, "admin": True}


@pytest.mark.parametrize(
    ("who", "user_id", "may"),
    [
        ("endorser agency", 2, True),
        ("endorser agency", 1, False),
        ("endorser city", 2, True),
        ("author agency", 2, False),
        ("admin", 2, True),
    ],
)
def test_nobody_ends_their_own_role(who: str, user_id: int, may: bool) -> None:  # noqa: FBT001
    membership = Membership(user_id=user_id, unit=unit_at("agency"))

    assert may_end(member_as(who), membership) is may


def test_every_action_stands_in_the_table() -> None:
    assert {*EVERYTHING.split(), UnitAction.NAME_DEPUTY} == frozenset(UnitAction)


@pytest.mark.django_db
def test_load_member_reads_current_roles_in_one_query(
    django_assert_num_queries: object,
) -> None:
    city = make.unit(level="government")
    agency = make.unit(parent=city)
    person = make.user()
    make.membership(person, city, "endorser")
    make.membership(person, agency, "endorser")
    make.membership(person, agency, "author")
    ended = make.membership(person, make.unit(), "author")
    Membership.objects.filter(pk=ended.pk).update(ended_at=make.NOON)

    with django_assert_num_queries(1):  # type: ignore[operator]
        member = load_member(person)

    assert member == Member(
        user_id=person.pk,
        author_of={agency.pk: agency.path},
        endorser_of={city.pk: city.path, agency.pk: agency.path},
        governs={city.pk: city.path},
    )
