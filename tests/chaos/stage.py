"""What a run begins with: a filled database, servers of its own, the portal's processes."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack, closing
from pathlib import Path

from kipp.demo.privileges import private_home
from tests.buckets import S3Server, make_bucket
from tests.chaos.ground import Ground
from tests.chaos.nodes import add_nodes, share_bucket
from tests.chaos.parts import ROOT
from tests.chaos.planned import REMAINING
from tests.disks import small_disk
from tests.sending.rig import make_clock

INODES = 20_000


def make_home(stack: ExitStack) -> Path:
    home = private_home(Path(tempfile.mkdtemp(prefix="kipp-chaos-")))
    stack.callback(shutil.rmtree, home, ignore_errors=True)
    return home


def fill(home: Path) -> None:
    """A stopped cluster with the scene in it, and what all runs share."""
    with closing(Ground(home, home)) as ground:
        ground.open_servers()
        for command in (
            ["manage.py", "collectstatic", "--no-input", "--verbosity=0"],
            ["manage.py", "migrate", "--verbosity=0"],
            ["-m", "tests.chaos.scene", str(home / "scene.json")],
        ):
            subprocess.run(
                [sys.executable, *command],
                cwd=ROOT,
                env={**os.environ, **ground.variables, "DATABASE_STATEMENT_TIMEOUT": "0"},
                check=True,
            )


def start_ground(filled: Path, *, logs: Path, stack: ExitStack) -> Ground:
    """A copy of the filled cluster whose round ends as far from now as in any other run."""
    home = make_home(stack)
    for part in ("postgres", "postgres.password"):
        subprocess.run(["cp", "-a", str(filled / part), str(home / part)], check=True)
    ground = Ground(home, logs, clock=make_clock(home, name="all"))
    ground.extra["STATIC_ROOT"] = str(filled / "static")
    stack.callback(ground.close)
    ground.disk = stack.enter_context(small_disk(ground.media, inodes=INODES))
    ground.open_servers()
    ground.ask(
        "UPDATE competitions_round SET starts_at = now() - interval '10 days',"
        " ends_at = now() + %s + CASE kind WHEN 'endorsement' THEN interval '2 days'"
        " ELSE interval '0' END",
        REMAINING,
    )
    return ground


def open_one(ground: Ground) -> None:
    """On one machine."""
    for add in (ground.add_web, ground.add_worker, ground.add_worker, ground.add_beat):
        add()
    ground.open_portal()


def open_nodes(ground: Ground, *, bucket: str, stack: ExitStack) -> None:
    """The service holds the buckets of all runs: each needs its own."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # a line for each request
    service = S3Server()
    stack.callback(service.stop)
    make_bucket(bucket, at=service.address)
    share_bucket(ground, service, name=bucket)
    add_nodes(ground)
    ground.open_portal()
