"""The dashboard: what waits for whom."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from competitions.models import Competition
from competitions.roles import load_actor
from kipp.landing import tasks_of
from kipp.lib.clock import show_end
from tests import make
from tests.judging.field import at, opened
from tests.proposals.scene import city_scene

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("days", [0, 60])
def test_author_finds_own_proposals_before_and_after_the_close(days: int) -> None:
    scene = city_scene()
    scene.draft("Pasar Pintar")

    [task] = tasks_of(load_actor(scene.author), at=make.NOON + days * make.DAY)

    assert (task.title, task.facts[0][1]) == (scene.competition.name, 1)
    assert task.url == reverse("proposals:innovation-list")


def test_committee_sees_how_far_the_judges_are() -> None:
    made = opened(judges=2, entries=2)
    made.score(made.judges[0], 0, "83", "61")

    task, board = tasks_of(load_actor(made.organizer), at=make.NOON)

    assert task.text == "1 of 4 sheets submitted."
    assert task.url == at(made, "stage")
    assert board.url == reverse("proposals:board", args=[made.stage.competition.slug])


def test_unit_without_a_proposal_has_nothing_to_do_after_the_close(client: Client) -> None:
    scene = city_scene()
    client.force_login(scene.author)

    page = client.get(reverse("dashboard"))

    assert page.context["tasks"] == []
    assert page.context["has_role"]


def give_role(person: User, role: str, competition: Competition) -> None:
    if role == "organizer":
        make.seat(person, competition)
    elif role == "judge":
        make.panelist(make.stage(competition, status="open"), person)


@pytest.mark.parametrize("role", ["author", "organizer", "judge"])
def test_dashboard_costs_the_same_for_one_competition_and_for_thirty(
    client: Client, role: str
) -> None:
    person, host = make.user(), make.unit(level="government")
    if role == "author":
        make.membership(person, make.unit(parent=host))
    client.force_login(person)
    now, counts = timezone.now(), []

    for more in (1, 29):
        for _year in range(more):
            competition = make.competition(host=host)
            make.round_(competition, starts_at=now, ends_at=now + make.DAY)
            make.track(competition)
            give_role(person, role, competition)
        client.get(reverse("dashboard"))
        with CaptureQueriesContext(connection) as captured:
            page = client.get(reverse("dashboard"))
        counts.append(len(captured))

    assert len(page.context["tasks"]) == 30
    assert counts[0] == counts[1] <= 12


@pytest.mark.parametrize("days", [1, 5])
def test_author_counts_down_to_the_end_of_the_own_unit(days: int) -> None:
    """Also where that lies behind the end of endorsement for the others."""
    scene = city_scene()
    scene.draft()
    granted = make.extension(scene.submission, days=days, unit=scene.clinic)

    [task] = tasks_of(load_actor(scene.author), at=make.NOON)
    board = tasks_of(load_actor(scene.organizer), at=make.NOON)[0]

    old, new = (
        show_end(end, zone=scene.competition.time_zone)
        for end in (granted.old_ends_at, granted.new_ends_at)
    )
    assert task.until.startswith("submission closes in")
    assert new in task.until
    assert task.until.endswith(f"(previously {old})")
    assert (old in board.until, "previously" in board.until) == (True, False)
