from __future__ import annotations

import pytest

from tests.accounts.place import Place, make_place


@pytest.fixture
def place(db: None) -> Place:
    return make_place()
