"""The last minutes of a deadline on a sandbox database, which `manage.py rehearse` makes and drops.

Each participant reads the home page and then sends one complete proposal, all of them within the
given seconds, through this machine's own web processes.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bench.driving import Load, Person, ask_anyway, people_of
from bench.plan import Client, read_plan
from bench.rush import count_lost
from bench.servers import ROOT, listening, run_python

# What the portal promises for the send of a deadline.
P95_MS = 1000


def main(arguments: Sequence[str]) -> int:
    folder, participants, seconds = Path(arguments[0]), int(arguments[1]), float(arguments[2])
    plan = folder / "plan"
    run_python("-m", "bench.filling", "rehearsal", str(participants), str(plan))
    senders = people_of(read_plan(plan)["rush-send"])
    with listening("bench.rehearsal.wsgi", log=folder / "web.log") as (port, _process):
        told, load = asyncio.run(hurry(senders, port=port, seconds=seconds))
    report = {
        "participants": len(senders),
        "seconds": round(load.seconds, 1),
        "p50_ms": round(load.quantile(0.5)),
        "p95_ms": round(load.quantile(0.95)),
        "errors": load.errors,
        "lost": count_lost(told),
        "broken": broken_promises(),
    }
    print(json.dumps(report))
    failed = load.errors or report["lost"] or report["broken"]
    return int(bool(failed or load.quantile(0.95) > P95_MS))


def broken_promises() -> list[str]:
    """What the database shows after the rush, as the nightly check asks it."""
    command = [sys.executable, "manage.py", "check_invariants"]
    asked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if asked.returncode:
        return (asked.stdout or asked.stderr).strip().splitlines()
    return []


async def hurry(senders: Sequence[Person], *, port: int, seconds: float) -> tuple[list[str], Load]:
    told: list[str] = []
    load, begun = Load(), time.perf_counter()
    asked = []
    for number, person in enumerate(senders):
        due = begun + number * seconds / len(senders)
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        asked.append(asyncio.create_task(_read_and_send(person, port, told, load)))
    await asyncio.gather(*asked)
    load.seconds = time.perf_counter() - begun
    return told, load


async def _read_and_send(person: Person, port: int, told: list[str], load: Load) -> None:
    load.errors += await ask_anyway(Person(Client("/")), port) != 200
    begun = time.perf_counter()
    status = await ask_anyway(person, port)
    load.answers.append(time.perf_counter() - begun)
    load.errors += status != 302
    if status == 302:
        told.append(person.client.path)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
