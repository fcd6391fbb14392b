from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.background.conftest import sink
from tests.flow.desk import Lobby

__all__ = ["lobby", "sink"]


@pytest.fixture
def lobby(browser: Browser, live_server: object) -> Iterator[Lobby]:
    lobby = Lobby(browser, live_server)
    yield lobby
    lobby.close()
