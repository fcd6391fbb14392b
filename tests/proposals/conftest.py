from __future__ import annotations

import pytest

from tests.proposals.scene import Scene, city_scene


@pytest.fixture
def scene(db: None) -> Scene:
    return city_scene()
