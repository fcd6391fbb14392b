from __future__ import annotations

import pytest
from django.test import Client

from tests.competitions.world import World, build, enter


@pytest.fixture
def world() -> World:
    return build()


@pytest.fixture
def organizer(client: Client, world: World) -> Client:
    return enter(client, world, "organizer")
