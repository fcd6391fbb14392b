"""`make bench`: portal and floor side by side in one run, against the budgets. Always exits 0."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path

from bench.browsing import WITHOUT_BROWSER, browse, browser_is_missing
from bench.budgets import PAGES
from bench.crowd import save_together
from bench.driving import people_of
from bench.frozen import send_without_redis
from bench.measuring import Figures, Pace, measure
from bench.memory import weigh
from bench.plan import Page, read_plan
from bench.report import (
    arithmetic_facts,
    breaking_sentence,
    browser_rows,
    crowd_facts,
    frozen_facts,
    growth_facts,
    judges_facts,
    large_facts,
    memory_fact,
    page_rows,
    print_browser,
    print_facts,
    print_pages,
    reminding_facts,
    rush_facts,
    upload_facts,
)
from bench.rush import rush
from bench.servers import (
    ROOT,
    Side,
    make_floor_database,
    portal_variables,
    run_python,
    serving,
)
from bench.uploading import send_files
from kipp.demo.catalogs import compile_catalogs
from kipp.demo.servers import throwaway_servers

FULL = Pace(turns=9, alone_seconds=0.15, load_seconds=0.4)
QUICK = Pace(turns=5, alone_seconds=0.05, load_seconds=0.35)
ROWS, QUICK_ROWS = 3500, 600


def main(arguments: Sequence[str]) -> int:
    options = parse(arguments)
    is_blind = not options.only and browser_is_missing()
    if is_blind:
        print(f"bench | {WITHOUT_BROWSER}", flush=True)
        if options.visits:
            return 0
    begun = time.monotonic()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kipp-bench-")))
        plans = prepare(options.rows, folder=folder, stack=stack)
        sides = {
            name: stack.enter_context(serving(name, log=folder / f"{name}.log")) for name in plans
        }
        if options.visits:
            look_around(plans["portal"], port=sides["portal"].port, looks=3)
            return 0
        pace = QUICK if options.quick else FULL
        measured = measure_pages(plans, sides, pace=pace, only=options.only)
        print_pages(page_rows(measured))
        print_facts("Growth", growth_facts(measured))
        if not options.only:
            hurry(plans["portal"], sides["portal"], is_quick=options.quick)
            arithmetic = measured_apart("bench.arithmetic")
            print_facts("Ranking and certificates", arithmetic_facts(arithmetic))
            print_facts("Judges and chance", judges_facts(arithmetic))
            print_facts("Reminders", reminding_facts(measured_apart("bench.reminding")))
            if not options.quick:
                print_facts("The largest ranking", large_facts(measured_apart("bench.large")))
            if is_blind:
                print(f"\n{WITHOUT_BROWSER}")
            else:
                looks = 1 if options.quick else 3
                look_around(plans["portal"], port=sides["portal"].port, looks=looks)
    print(f"\n{options.rows} proposals, {time.monotonic() - begun:.0f} s. Compare ratios only.")
    return 0


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--quick", action="store_true", help="fewer rows and shorter looks")
    parser.add_argument("--rows", type=int, help="proposals of the big edition")
    parser.add_argument("--only", nargs="*", choices=[page.key for page in PAGES], default=[])
    parser.add_argument("--visits", action="store_true", help="the cold visits alone")
    options = parser.parse_args(arguments)
    options.rows = max(options.rows or (QUICK_ROWS if options.quick else ROWS), 400)
    return options


def prepare(rows: int, *, folder: Path, stack: ExitStack) -> dict[str, dict[str, Page]]:
    """Servers of our own, whatever the environment names: what is filled here is thrown away."""
    for name in ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"):
        os.environ.pop(name, None)
    servers = stack.enter_context(throwaway_servers())
    os.environ.update({**portal_variables(folder), **servers})
    os.environ["FLOOR_DATABASE_URL"] = make_floor_database(servers["DATABASE_URL"])
    compile_catalogs(ROOT / "locale")
    run_python("manage.py", "collectstatic", "--no-input", "--verbosity=0")
    plans = {}
    for side in ("portal", "floor"):
        begun = time.monotonic()
        run_python("-m", "bench.filling", side, str(rows), str(folder / side))
        plans[side] = read_plan(folder / side)
        print(f"bench | {side} is filled ({time.monotonic() - begun:.0f} s)", flush=True)
    return plans


def measure_pages(
    plans: dict[str, dict[str, Page]], sides: dict[str, Side], *, pace: Pace, only: Sequence[str]
) -> dict[str, dict[str, Figures]]:
    """A list of 60 and the same list of everything take turns with each other."""
    measured: dict[str, dict[str, Figures]] = {}
    wanted = only or [budget.key for budget in PAGES]
    for _list, group in groupby(wanted, key=lambda key: key.removesuffix("-60")):
        keys = list(group)
        pages = [{name: plans[name][key] for name in sides} for key in keys]
        measured |= zip(keys, measure(pages, sides, pace=pace), strict=True)
        print(f"bench | {', '.join(keys)}", flush=True)
    return measured


def hurry(pages: dict[str, Page], side: Side, *, is_quick: bool) -> None:
    savers = people_of(pages["rush-save"])
    seen = rush(pages, side, savers=savers, seconds=10 if is_quick else 60)
    print_facts("Deadline", rush_facts(seen))
    print(breaking_sentence(seen))
    together = save_together(pages, side, rounds=5 if is_quick else 20)
    print_facts("Judges at once", crowd_facts(*together))
    print_facts("Without Redis", frozen_facts(*send_without_redis(pages, side)))
    asked = 1_000 if is_quick else 10_000
    print_facts("Memory", memory_fact(*weigh(pages, side, savers=savers, requests=asked)))
    print_facts("Files", upload_facts(*send_files(pages, side)))


def measured_apart(module: str) -> dict[str, float]:
    """In a process of its own, whose only output is what it found."""
    command = [sys.executable, "-m", module]
    measured = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(measured.stdout))


def look_around(pages: dict[str, Page], *, port: int, looks: int) -> None:
    visited = browse(pages, port=port, looks=looks)
    print_browser(browser_rows(visited, base=f"http://localhost:{port}"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
