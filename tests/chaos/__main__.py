"""`make chaos SEED=7`: the portal's processes under a seeded schedule of faults, then a verdict."""

from __future__ import annotations

import argparse
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from random import Random

import psycopg2

from kipp.demo.privileges import private_home
from tests.chaos.cast import read
from tests.chaos.faults import FAULTS
from tests.chaos.ground import Ground
from tests.chaos.load import Load
from tests.chaos.parts import ROOT
from tests.chaos.planned import REMAINING
from tests.chaos.playing import Run, heal, play, settle
from tests.chaos.schedule import Act, lines_of, schedule
from tests.chaos.verdict import Finding, judge
from tests.disks import small_disk
from tests.sending.rig import make_clock

INODES = 20_000


def main(arguments: Sequence[str]) -> int:
    options = parse(arguments)
    for name in ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"):
        os.environ.pop(name, None)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that nothing stays behind
    seeds = range(options.seed, options.seed + options.runs)
    with ExitStack() as stack:
        filled = make_home(stack)
        fill(filled)
        broken = [seed for seed in seeds if not holds(seed, filled=filled)]
    if options.runs > 1:
        kept = [seed for seed in seeds if seed not in broken]
        print(f"\nKept everything: {kept or 'none'}. Broke something: {broken or 'none'}.")
    return 1 if broken else 0


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make chaos")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(100_000))
    parser.add_argument("--runs", type=int, default=1, help="so many seeds, one after the other")
    return parser.parse_args(arguments)


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


def holds(seed: int, *, filled: Path) -> bool:
    begun = time.monotonic()
    logs = ROOT / "var" / "chaos" / str(seed)
    shutil.rmtree(logs, ignore_errors=True)
    logs.mkdir(parents=True)
    with ExitStack() as stack:
        run, parts = prepare(seed, filled=filled, logs=logs, stack=stack)
        acts = schedule(seed, parts)
        print(f"\nSeed {seed}", *lines_of(acts), sep="\n", flush=True)
        findings = carry_out(run, acts, logs=logs)
    return report(seed, findings, seconds=time.monotonic() - begun)


def prepare(seed: int, *, filled: Path, logs: Path, stack: ExitStack) -> tuple[Run, dict[str, str]]:
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
    for add in (ground.add_web, ground.add_worker, ground.add_worker, ground.add_beat):
        add()
    ground.open_portal()
    parts = {name: fault.part for name, fault in FAULTS.items()}
    if not ground.disk.is_mounted:
        del parts["disk full"]
        print("chaos | only root may mount a small disk: no fault of the disk in this run")
    scene = read(filled / "scene.json")
    return Run(ground, scene, Load(scene, ground.doors, seed=seed), Random(seed)), parts


def carry_out(run: Run, acts: Sequence[Act], *, logs: Path) -> list[Finding]:
    """The backup is taken while people work."""
    run.load.start()
    said = ""
    for number, act in enumerate(acts):
        play(run, act)
        if number == 0:
            made = run.ground.manage("backup", "--to", str(logs / "backup"))
            said = made.stdout + made.stderr
    heal(run)
    settle(run)
    run.load.stop()
    settle(run)
    run.load.write(logs / "client.jsonl")
    return [*judge(run), restored(run, logs / "backup", said=said)]


def restored(run: Run, backup: Path, *, said: str) -> Finding:
    """The backup that was taken while people worked, into an empty database."""
    archives = sorted(backup.glob("*.tar"))
    if not archives:
        return Finding("backup under load restores", is_kept=False, seen=said)
    url = run.ground.database_url.rpartition("/")[0]
    connection = psycopg2.connect(f"{url}/postgres")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE restored TEMPLATE template0")
    connection.close()
    media = run.ground.home / "restored"
    done = run.ground.manage(
        "restore", str(archives[0]), "--into", "empty",
        DATABASE_URL=f"{url}/restored", MEDIA_ROOT=str(media),
    )  # fmt: skip
    seen = (done.stdout + done.stderr).strip()[-300:]
    return Finding("backup under load restores", done.returncode == 0, seen)


def report(seed: int, findings: Sequence[Finding], *, seconds: float) -> bool:
    print()
    for finding in findings:
        verdict = "kept  " if finding.is_kept else "BROKEN"
        print(f"{verdict}  {finding.promise}: {finding.seen}")
    broken = sum(not finding.is_kept for finding in findings)
    print(
        f"\nSeed {seed}, {seconds:.0f} s: {broken} broken. Replay: make chaos SEED={seed}",
        flush=True,
    )
    return broken == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
