"""`make chaos SEED=7`: the portal's processes under a seeded schedule of faults, then a verdict."""

from __future__ import annotations

import argparse
import os
import secrets
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from tests.chaos.cast import read
from tests.chaos.faults import DISK_FULL, FAULTS, NODES_LIST
from tests.chaos.ground import Ground
from tests.chaos.nodes import losses, nothing_is_kept_on_nodes
from tests.chaos.parts import ROOT
from tests.chaos.planned import JUMPS
from tests.chaos.playing import Run, happened, heal, play, settle
from tests.chaos.schedule import Act, in_words, lines_of, schedule
from tests.chaos.stage import fill, make_home, open_nodes, open_one, start_ground
from tests.chaos.summary import Outcome, faults_of, never_happened, table_of
from tests.chaos.verdict import Finding, judge


@dataclass(frozen=True)
class Played:
    run: Run
    possible: frozenset[str]
    findings: list[Finding]


def main(arguments: Sequence[str]) -> int:
    options = parse(arguments)
    for name in ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"):
        os.environ.pop(name, None)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that nothing stays behind
    seeds = range(options.seed, options.seed + options.runs)
    with ExitStack() as stack:
        filled = make_home(stack)
        fill(filled)
        outcomes = [outcome_of(seed, filled=filled, nodes=options.nodes) for seed in seeds]
    missing = never_happened(outcomes)
    if options.runs > 1:
        print(*table_of(outcomes), *faults_of(outcomes), sep="\n")
    if missing:
        print(f"Never happened: {', '.join(missing)}.")
    return 1 if missing or any(outcome.broken for outcome in outcomes) else 0


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make chaos")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(100_000))
    parser.add_argument("--runs", type=int, default=1, help="so many seeds, one after the other")
    parser.add_argument("--nodes", action="store_true", help="two of each, and a bucket")
    return parser.parse_args(arguments)


def outcome_of(seed: int, *, filled: Path, nodes: bool) -> Outcome:
    begun = time.monotonic()
    name = f"nodes-{seed}" if nodes else str(seed)
    logs = ROOT / "var" / "chaos" / name
    shutil.rmtree(logs, ignore_errors=True)
    logs.mkdir(parents=True)
    play_it = play_on_nodes if nodes else play_on_one_machine
    try:
        with ExitStack() as stack:
            played = play_it(seed, filled=filled, logs=logs, stack=stack)
    except Exception:  # noqa: BLE001 - the next seed is played all the same
        traceback.print_exc()
        seconds = time.monotonic() - begun
        return Outcome(seed, seconds, 0, 0, ("the run broke off",), frozenset(), frozenset())
    outcome = Outcome(
        seed=seed,
        seconds=time.monotonic() - begun,
        answers=len(played.run.load.log),
        mails=len(played.run.ground.post.taken),
        broken=tuple(each.promise for each in played.findings if not each.is_kept),
        possible=played.possible,
        happened=happened(played.run),
    )
    report(outcome, played.findings, replay=f"SEED={seed}{' NODES=1' * nodes}")
    return outcome


def play_on_one_machine(seed: int, *, filled: Path, logs: Path, stack: ExitStack) -> Played:
    ground = start_ground(filled, logs=logs, stack=stack)
    parts = possible_on(ground)
    open_one(ground)
    run = Run(ground, read(filled / "scene.json"), seed=seed)
    possible = frozenset({*parts, *(in_words(jump) for jump in JUMPS)})
    return Played(run, possible, findings_of(run, schedule(seed, parts), logs=logs, stack=stack))


def play_on_nodes(seed: int, *, filled: Path, logs: Path, stack: ExitStack) -> Played:
    ground = start_ground(filled, logs=logs, stack=stack)
    open_nodes(ground, bucket=f"kipp-chaos-{seed}", stack=stack)
    run = Run(ground, read(filled / "scene.json"), seed=seed)
    findings = findings_of(run, losses(seed), logs=logs, stack=stack)
    return Played(run, frozenset(NODES_LIST), [*findings, nothing_is_kept_on_nodes(ground.home)])


def possible_on(ground: Ground) -> dict[str, str]:
    """What each fault hits, of those that can be done here."""
    parts = {name: fault.part for name, fault in FAULTS.items()}
    if ground.disk is None or not ground.disk.is_mounted:
        del parts[DISK_FULL]
        print("chaos | only root may mount a small disk: no fault of the disk in this run")
    return parts


def findings_of(run: Run, acts: Sequence[Act], *, logs: Path, stack: ExitStack) -> list[Finding]:
    """The backup is taken while people work."""
    print(f"\nSeed {run.seed}", *lines_of(acts), sep="\n", flush=True)
    stack.callback(run.load.over.set)
    said = ""
    run.load.start()
    run.load.wait_until_served()
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
    with closing(psycopg2.connect(f"{url}/postgres")) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("CREATE DATABASE restored TEMPLATE template0")
    media = run.ground.home / "restored"
    done = run.ground.manage(
        "restore", str(archives[0]), "--into", "empty",
        DATABASE_URL=f"{url}/restored", MEDIA_ROOT=str(media),
    )  # fmt: skip
    seen = (done.stdout + done.stderr).strip()[-300:]
    return Finding("backup under load restores", done.returncode == 0, seen)


def report(outcome: Outcome, findings: Sequence[Finding], *, replay: str) -> None:
    print()
    for finding in findings:
        verdict = "kept  " if finding.is_kept else "BROKEN"
        print(f"{verdict}  {finding.promise}: {finding.seen}")
    print(
        f"\nSeed {outcome.seed}, {outcome.seconds:.0f} s: {len(outcome.broken)} broken."
        f" Replay: make chaos {replay}",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
