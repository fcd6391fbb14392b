"""The short form of `make chaos`: the same people and faults, on the session's own PostgreSQL."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from django.utils import timezone
from pytest_django import Settings

from kipp.invariants import INVARIANTS
from tests.chaos.faults import FAULTS, SHORT_LIST
from tests.chaos.ground import Ground
from tests.chaos.load import Load
from tests.chaos.playing import Run, heal, play, settle
from tests.chaos.scene import fill
from tests.chaos.schedule import SHORT, lines_of, schedule
from tests.chaos.verdict import PROMISES, invariants_hold
from tests.kipp.commands import surroundings

SEED = 5


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_promises_hold_while_processes_are_killed(
    server_home: Path, tmp_path: Path, settings: Settings
) -> None:
    scene = fill(at=timezone.now())
    ground = Ground(server_home, tmp_path, database_url=surroundings()["DATABASE_URL"])
    ground.media = Path(settings.MEDIA_ROOT)
    acts = schedule(SEED, {name: FAULTS[name].part for name in SHORT_LIST}, jumps=(), pace=SHORT)
    with closing(ground):
        ground.open_servers()
        ground.add_web(DEBUG="on", DEMO="off")  # no static files were collected
        ground.add_worker()
        ground.add_beat()
        ground.open_portal()
        run = Run(ground, scene, Load(scene, ground.doors, seed=SEED), Random(SEED))
        run.load.start()
        for act in acts:
            play(run, act)
        heal(run)
        run.load.stop()
        settle(run)

        found = [promise(run) for promise in PROMISES if promise is not invariants_hold]

    broken = [finding for finding in found if not finding.is_kept]
    assert broken == [], lines_of(acts)
    promised = {entry.act for entry in run.load.log if entry.is_promised}
    assert promised == {"login", "read", "save", "send", "upload"}
    assert [line for check in INVARIANTS for line in check(timezone.now())] == []
