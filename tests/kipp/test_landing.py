"""The dashboard: what waits for whom."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from competitions.roles import load_actor
from kipp.landing import tasks_of
from tests import make
from tests.proposals.scene import city_scene

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("days", [0, 60])
def test_author_finds_own_proposals_before_and_after_the_close(days: int) -> None:
    scene = city_scene()
    scene.draft("Pasar Pintar")

    [task] = tasks_of(load_actor(scene.author), at=make.NOON + days * make.DAY)

    assert (task.title, task.facts[0][1]) == (scene.competition.name, 1)
    assert task.url == reverse("proposals:innovation-list")


def test_unit_without_a_proposal_has_nothing_to_do_after_the_close(client: Client) -> None:
    scene = city_scene()
    client.force_login(scene.author)

    page = client.get(reverse("dashboard"))

    assert page.context["tasks"] == []
    assert page.context["has_role"]
