from __future__ import annotations

import pytest
from django.test import Client

from competitions.urls import urlpatterns
from competitions.workflow import CompetitionStatus
from tests.competitions import world as worlds

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", [pattern.name for pattern in urlpatterns])
def test_draft_is_unknown_to_all_but_its_committee(name: str, client: Client) -> None:
    world = worlds.build(status=CompetitionStatus.DRAFT)
    url = worlds.example(world, name)
    client.force_login(world.people["author"])

    assert client.get(url).status_code in {404, 405}
    assert client.post(url).status_code in {404, 405}
