from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from kipp.backup.postgres import dump_database, load_database, snapshot
from kipp.demo.privileges import private_home
from tests.proposals.scene import Scene, city_scene
from tests.sending.rig import Portal, gunicorn, make_clock, moved_postgres


@pytest.fixture(scope="module")
def portal(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Portal]:
    """Our own models look at the moved cluster too, as long as this module runs.

    Its tables are a copy of the test's own: migrating again would take several times as long.
    """
    home = private_home(Path(tempfile.mkdtemp(prefix="kipp-sending-")))
    database, web = (make_clock(home, name=name) for name in ("database", "web"))
    kept = dict(connection.settings_dict)
    with moved_postgres(home, clock=database) as url:
        parts = urlsplit(url)
        with django_db_blocker.unblock():
            with snapshot() as moment:
                dump_database(home / "tables", of=moment)
            connection.close()
            connection.settings_dict.update(
                HOST=parts.hostname, PORT=parts.port, PASSWORD=parts.password, NAME=parts.path[1:]
            )
            try:
                load_database(home / "tables")
                with gunicorn(url, home=home, clock=web) as (port, master, log):
                    yield Portal(port, master, log, database, web)
            finally:
                connection.close()
                connection.settings_dict.update(kept)
    shutil.rmtree(home)


@pytest.fixture(scope="module")
def court(portal: Portal) -> Scene:
    return city_scene()


@pytest.fixture(autouse=True)
def _clocks_are_right(portal: Portal) -> Iterator[None]:
    yield
    for clock in (portal.database, portal.web):
        clock.move(timedelta())
