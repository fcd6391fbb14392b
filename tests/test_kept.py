"""What is put back is what was played, down to the last row and file."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from kipp.invariants import INVARIANTS
from tests import small_year
from tests.kept import Played, put_back, taken

STAMP = "competitions_publicstamp"


@pytest.mark.django_db
def test_scene_that_is_put_back_is_the_one_that_was_played() -> None:
    at = timezone.now()
    with transaction.atomic():
        played = taken(small_year.released(at=at))
        transaction.set_rollback(True)
    for path in Path(settings.MEDIA_ROOT).rglob("*.*"):
        path.unlink()

    year = put_back(played)

    again = taken(year)
    assert rows_of(again) == rows_of(played)
    assert again.files == played.files
    assert again.rows[STAMP] != played.rows[STAMP]
    connection.check_constraints()
    assert [sentence for holds in INVARIANTS for sentence in holds(at)] == []


def rows_of(played: Played) -> dict[str, list[bytes]]:
    tables = played.rows.items()
    return {name: sorted(rows.splitlines()) for name, rows in tables if name != STAMP}
