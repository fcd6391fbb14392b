from __future__ import annotations

import pytest
from django.test import Client

from competitions.urls import urlpatterns
from competitions.workflow import CompetitionStatus
from tests.competitions import world as worlds
from tests.competitions.url_table import ROWS

pytestmark = pytest.mark.django_db


def test_every_url_has_a_row() -> None:
    assert set(ROWS) == {f"competitions:{pattern.name}" for pattern in urlpatterns}


@pytest.mark.parametrize("name", ROWS)
def test_every_role_gets_its_answer(name: str) -> None:
    world = worlds.build()
    url = world.url(
        name.partition(":")[2], *worlds.arguments(world).get(name.partition(":")[2], [])
    )
    expected = dict(cell.split("=") for cell in ROWS[name].split())

    answers = {}
    for role in expected:
        client = Client()
        if role != "anon":
            client.force_login(world.people[role])
        answer = client.get(url)
        answers[role] = str(answer.status_code)
        worlds.close_file(answer)

    assert answers == expected


@pytest.mark.parametrize("name", ROWS)
def test_draft_is_unknown_to_all_but_its_committee(name: str, client: Client) -> None:
    world = worlds.build(status=CompetitionStatus.DRAFT)
    url = world.url(
        name.partition(":")[2], *worlds.arguments(world).get(name.partition(":")[2], [])
    )
    client.force_login(world.people["author"])

    assert client.get(url).status_code in {404, 405}
    assert client.post(url).status_code in {404, 405}
