from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from proposals import services
from proposals.models import Innovation
from proposals.queries.journey import MOST_STEPS, Step, journey_of, steps_between
from tests import make
from tests.proposals.scene import Scene

pytestmark = pytest.mark.django_db


def started(scene: Scene, title: str, *, days: int) -> None:
    innovation: Innovation = make.innovation(scene.clinic, title)
    at = make.NOON + timedelta(days=days)
    services.start_proposal(
        innovation, track=scene.track, unit=scene.clinic, by=scene.author, at=at
    )


def test_each_proposal_counts_from_the_first_time_that_it_came_so_far(scene: Scene) -> None:
    started(scene, "A", days=0)
    started(scene, "B", days=2)
    sent = scene.sent(at=make.NOON + make.DAY)
    services.recall_proposal(sent, by=scene.author, at=make.NOON + make.DAY)
    services.send_for_endorsement(sent, by=scene.author, at=make.NOON + 2 * make.DAY)

    steps = journey_of(scene.competition, at=make.NOON + 9 * make.DAY)

    noon = make.NOON.date()
    assert steps == [
        Step(noon, (1, 0, 0, 0)),
        Step(noon + timedelta(days=1), (1, 1, 0, 0)),
        Step(noon + timedelta(days=2), (2, 1, 0, 0)),
    ]


def test_a_long_time_is_told_in_few_steps_that_end_on_the_last_day() -> None:
    first, last = date(2026, 1, 1), date(2026, 4, 30)

    steps = steps_between(first, last)

    assert (len(steps) <= MOST_STEPS, steps[-1], steps[0] < first + timedelta(days=4)) == (
        True,
        last,
        True,
    )


def test_the_page_shows_the_lines_and_their_numbers(client: Client, scene: Scene) -> None:
    client.force_login(scene.auditor)
    url = reverse("proposals:board-journey", args=["kipp-2020"])
    empty = client.get(url)
    started(scene, "A", days=0)

    page = client.get(url)

    assert empty.context["lines"] == []
    assert page.context["rows"][0][1][0][1] == 1
