from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from tests import make
from tests.proposals.scene import Scene, city_scene


@pytest.fixture
def scene(db: None) -> Scene:
    return city_scene()


@pytest.fixture
def at_noon() -> Iterator[None]:
    """The application's clock; the database keeps its own."""
    with time_machine.travel(make.NOON, tick=False):
        yield
