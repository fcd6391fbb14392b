from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import Membership
from competitions.models import Competition
from competitions.permissions import Action, allowed_actions, may
from competitions.roles import NOBODY, Actor, load_actor
from competitions.workflow import CompetitionStatus
from tests import make

pytestmark = pytest.mark.django_db

RUNS = "view_setup edit_setup publish extend announce clone view_attendance mark_attendance"
TABLE = f"""
organizer       {RUNS}
chair           {RUNS} archive seat_committee
auditor         view_setup view_attendance
other_chair     -
author          sign_up
endorser        sign_up
other_author    -
stranger        -
"""


@pytest.fixture
def actors() -> dict[str, Actor]:
    competition = make.competition(slug="kipp")
    agency = make.unit(parent=competition.host)
    people = {name: make.user() for name in ["organizer", "chair", "auditor"]}
    for role, person in people.items():
        make.seat(person, competition, role)
    people["other_chair"] = make.user()
    make.seat(people["other_chair"], make.competition(), "chair")
    people["author"], people["endorser"], people["other_author"] = (make.user() for _ in range(3))
    make.membership(people["author"], agency)
    make.membership(people["endorser"], agency, "endorser")
    make.membership(people["other_author"], make.unit())
    return {name: load_actor(person) for name, person in people.items()} | {"stranger": NOBODY}


@pytest.mark.parametrize("line", TABLE.strip().splitlines())
def test_table_of_permissions(actors: dict[str, Actor], line: str) -> None:
    name, *actions = line.split()
    competition = Competition.objects.select_related("host").get(slug="kipp")

    allowed = allowed_actions(actors[name], competition)

    assert allowed == {Action(action) for action in actions if action != "-"}
    assert {action for action in Action if may(actors[name], action, competition)} == allowed


def test_roles_come_in_one_query_and_the_newest_competition_first(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    person, unit = make.user(), make.unit()
    old = make.competition(year=2019, slug="lama", name="Lama")
    gone = make.competition(year=2018, slug="arsip", status=CompetitionStatus.ARCHIVED)
    new = make.competition(year=2021, slug="baru", name="Baru")
    for competition, role in ((old, "chair"), (new, "auditor"), (new, "chair"), (gone, "chair")):
        make.seat(person, competition, role)
    make.membership(person, unit)
    make.membership(person, unit, "endorser")
    left = make.membership(person, make.unit())
    Membership.objects.filter(pk=left.pk).update(ended_at=make.NOON)

    with django_assert_num_queries(1):
        actor = load_actor(person)

    assert actor.author_of == actor.endorser_of == {unit.pk: unit.path}
    assert actor.seats[new.pk] == {"auditor", "chair"}
    assert set(actor.seats) == {old.pk, new.pk, gone.pk}
    assert list(actor.runs.items()) == [("baru", "Baru"), ("lama", "Lama")]
