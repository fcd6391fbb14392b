"""The short form of `make chaos`: nodes and servers are killed while people work."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles.finders import get_finders
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from kipp.backup.postgres import dump_database, load_database, snapshot
from kipp.invariants import INVARIANTS
from tests.buckets import S3Server, collect_buffers, use_bucket
from tests.chaos.ground import Ground
from tests.chaos.load import ACTS
from tests.chaos.nodes import add_nodes, nothing_is_kept_on_nodes, share_bucket
from tests.chaos.playing import Run, heal, settle, strike_all
from tests.chaos.scene import fill
from tests.chaos.schedule import Step
from tests.chaos.verdict import PROMISES, invariants_hold

SEED, SENDS, BUCKET = 5, 12, "kipp-chaos"
# Redis is whole again long before the database excuses any 503.
STEPS = (
    Step(0.5, "kill Redis", 2.0),
    Step(1.0, "mail server hangs", 3.0),
    Step(1.5, "kill a web server", 0.5),
    Step(2.5, "kill a sender", 0.1),
    Step(3.0, "kill beat", 0.5),
    Step(4.0, "FLUSHALL", 0.1),
    Step(4.5, "kill a worker", 1.0),
    Step(5.0, "kill a web worker", 0.1),
    Step(7.5, "kill PostgreSQL", 1.0),
)


@pytest.fixture
def service(settings: Settings) -> Iterator[S3Server]:
    made = S3Server()
    use_bucket(BUCKET, at=made.address, settings=settings)
    yield made
    made.stop()
    collect_buffers()


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_two_nodes_keep_every_promise_while_processes_are_killed(
    server_home: Path, tmp_path: Path, settings: Settings, service: S3Server
) -> None:
    ground = Ground(server_home, tmp_path)
    ground.extra |= {"SECRET_KEY": settings.SECRET_KEY, "WEB_CONCURRENCY": "1"}
    share_bucket(ground, service, name=BUCKET)
    with closing(ground):
        ground.open_servers()
        copy_schema(tmp_path / "schema", to=ground.database_url)
        with working_on(ground.database_url):
            scene = fill(at=timezone.now(), sends=SENDS)
        name_static_files(server_home / "static")
        add_nodes(ground)
        ground.open_portal()
        run = Run(ground, scene, seed=SEED)
        run.load.start()
        strike_all(run, STEPS)
        heal(run)
        run.load.wait_until_served()
        run.load.stop()
        run.load.write(tmp_path / "client.jsonl")
        settle(run)

        found = [promise(run) for promise in PROMISES if promise is not invariants_hold]
        found.append(nothing_is_kept_on_nodes(ground.home))
        with working_on(ground.database_url):
            offenders = [line for check in INVARIANTS for line in check(timezone.now())]

    assert [finding for finding in found if not finding.is_kept] == []
    assert offenders == []
    assert [act for act in ACTS if not run.load.promised(act)] == []


def name_static_files(folder: Path) -> None:
    """What `collectstatic` would write about them; nobody fetches one here."""
    names = {name: name for finder in get_finders() for name, _storage in finder.list(None)}
    folder.mkdir()
    manifest = {"paths": names, "version": "1.1", "hash": ""}
    (folder / "staticfiles.json").write_text(json.dumps(manifest))


def copy_schema(file: Path, *, to: str) -> None:
    """The empty database of the tests, which was migrated already, into a server of our own."""
    with snapshot() as moment:
        dump_database(file, of=moment)
    with working_on(to):
        load_database(file)


@contextmanager
def working_on(url: str) -> Iterator[None]:
    """Our own models look at that database."""
    kept, place = connection.settings_dict.copy(), urlsplit(url)
    connection.close()
    connection.settings_dict |= {
        "NAME": place.path[1:],
        "HOST": place.hostname,
        "PORT": place.port,
        "USER": place.username,
        "PASSWORD": place.password,
    }
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict |= kept
