"""`make test`: every static check and the whole suite, then one table and one exit code."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.chromium import program  # noqa: E402
from kipp.demo.servers import DATABASE, throwaway_servers  # noqa: E402

BIN = Path(sys.executable).parent
PYTHON = sys.executable
# What production would say, so that `check --deploy` judges the real thing.
PRODUCTION = {
    "DEBUG": "off",
    "DEMO": "off",
    "SECRET_KEY": "".join(chr(33 + number % 90) for number in range(0, 700, 7)),
    "SIGNING_KEY": "b25seS1mb3ItdGhlLWRlcGxveS1jaGVjay0uLi4uLi4=",
    "SITE_URL": "https://kipp.example",
    "EMAIL_URL": "submission://kipp:secret@mail.example:587",
    "TRUSTED_PROXIES": "1",
    "DJANGO_SETTINGS_MODULE": "kipp.settings",
}
FOR_TESTS = {"DJANGO_SETTINGS_MODULE": "tests.settings"}
# Half as much work again: not in every run.
COVERAGE = ["--cov", "--cov-report=term:skip-covered", "--cov-report=html:var/coverage"]


@dataclass(frozen=True)
class Check:
    name: str
    command: Sequence[str]
    variables: dict[str, str]


@dataclass(frozen=True)
class Outcome:
    name: str
    seconds: float
    passed: bool
    said: str = ""


def static_checks() -> list[Check]:
    templates = sorted(str(path) for path in (ROOT / "templates").rglob("*.html"))
    manage = [PYTHON, "manage.py"]
    deploy = [*manage, "check", "--deploy", "--fail-level", "WARNING"]
    pending = [*manage, "makemigrations", "--check", "--dry-run"]
    return [
        Check("types", [str(BIN / "mypy"), "."], FOR_TESTS),  # the longest begins first
        Check("ruff check", [str(BIN / "ruff"), "check", "--quiet", "."], {}),
        Check("ruff format", [str(BIN / "ruff"), "format", "--quiet", "--check", "."], {}),
        Check("imports", [str(BIN / "lint-imports"), "--no-cache"], {}),
        Check(
            "templates", [str(BIN / "djade"), "--check", "--target-version", "5.2", *templates], {}
        ),
        Check("migrations", pending, FOR_TESTS),
        Check("deployment", deploy, PRODUCTION),
        Check("translations", [PYTHON, "scripts/messages.py", "check"], FOR_TESTS),
    ]


def suite(extra: Sequence[str]) -> Check:
    """One worker per core; a file stays with one worker, for its fixtures' sake.

    In the order of tests/conftest.py: xdist's own would begin the longest files last.
    """
    workers = ["--numprocesses=auto", "--dist=loadfile", "--no-loadscope-reorder"]
    return Check("tests", [PYTHON, "-m", "pytest", *workers, *extra], FOR_TESTS)


def main() -> int:
    options = parse()
    if not options.static and (complaint := browser_is_missing()):
        print(complaint, file=sys.stderr)
        return 1
    checks = [] if options.coverage else static_checks()
    outcomes: list[Outcome] = []
    with ExitStack() as stack:
        servers = stack.enter_context(throwaway_servers())
        variables = {**os.environ, **servers}
        # Beside the suite, whose workers now and then wait for a browser, and the migrations.
        pool = stack.enter_context(ThreadPoolExecutor(os.cpu_count()))
        beside = away_from_the_template(servers)
        carried = pool.map(lambda check: carry_out_quietly(check, variables=beside), checks)
        if not options.static:
            if "DATABASE_URL" in servers:
                variables["TEST_TEMPLATE"] = make_template(variables)
            measured = COVERAGE if options.coverage else []
            outcomes.append(carry_out(suite([*measured, *options.pytest]), variables=variables))
        outcomes = [*carried, *outcomes]
    return report(outcomes)


def away_from_the_template(servers: Mapping[str, str]) -> dict[str, str]:
    """PostgreSQL copies no database that somebody looks at; an empty one does as well."""
    variables = {**os.environ, **servers}
    if "DATABASE_URL" in servers:
        server, _slash, _database = servers["DATABASE_URL"].rpartition("/")
        variables["DATABASE_URL"] = f"{server}/postgres"
    return variables


def carry_out_quietly(check: Check, *, variables: dict[str, str]) -> Outcome:
    """What it says comes in one piece, at the end."""
    begun = time.monotonic()
    done = subprocess.run(
        check.command,
        cwd=ROOT,
        env=variables | check.variables,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return Outcome(check.name, time.monotonic() - begun, done.returncode == 0, said=done.stdout)


def make_template(variables: dict[str, str]) -> str:
    """Migrate the empty database of our own server once; each worker's database is a copy."""
    migrate = [PYTHON, "manage.py", "migrate", "--verbosity=0"]
    subprocess.run(migrate, cwd=ROOT, env=variables | FOR_TESTS, check=True)
    return DATABASE


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--static", action="store_true", help="leave the suite out")
    parser.add_argument("--coverage", action="store_true", help="the suite alone, measured")
    parser.add_argument("pytest", nargs="*", help="passed on to pytest")
    return parser.parse_args()


def carry_out(check: Check, *, variables: dict[str, str]) -> Outcome:
    print(f"\n==> {check.name}", flush=True)
    begun = time.monotonic()
    done = subprocess.run(check.command, cwd=ROOT, env=variables | check.variables, check=False)
    return Outcome(check.name, time.monotonic() - begun, done.returncode == 0)


def report(outcomes: Sequence[Outcome]) -> int:
    for outcome in outcomes:
        if outcome.said:
            print(f"\n==> {outcome.name}\n{outcome.said}", end="")
    print("\n" + "-" * 40)
    for outcome in outcomes:
        verdict = "passed" if outcome.passed else "FAILED"
        print(f"{outcome.name:<16}{verdict:<10}{outcome.seconds:>8.1f} s")
    failed = [outcome.name for outcome in outcomes if not outcome.passed]
    print("-" * 40)
    print(f"Failed: {', '.join(failed)}" if failed else "Everything passed.")
    return 1 if failed else 0


def browser_is_missing() -> str | None:
    """Install Chromium where that is possible; otherwise the sentence that says how."""
    if program() or playwright_has_one():
        return None
    print("Installing Chromium for the browser tests ...", flush=True)
    if install_with_apt() or install_with_playwright():
        return None
    return (
        "Chromium is needed for the browser tests and could not be installed here. Run\n"
        "    sudo apt-get install -y chromium\n"
        f"or  {BIN}/playwright install --with-deps chromium\n"
        "and then `make test` again."
    )


def install_with_apt() -> bool:
    apt = shutil.which("apt-get")
    if not apt:
        return False
    sudo = [] if os.geteuid() == 0 else ["sudo", "--non-interactive"]
    if sudo and not (shutil.which("sudo") and succeeds([*sudo, "true"])):
        return False
    succeeds([*sudo, apt, "update", "-qq"])
    install = [*sudo, apt, "install", "-y", "-qq", "--no-install-recommends"]
    return any(succeeds([*install, name]) for name in ("chromium-headless-shell", "chromium"))


def install_with_playwright() -> bool:
    return succeeds([str(BIN / "playwright"), "install", "chromium"]) and playwright_has_one()


def playwright_has_one() -> bool:
    """It starts, not only exists: its libraries may be missing."""
    script = (
        "from playwright.sync_api import sync_playwright as s\n"
        "with s() as p: p.chromium.launch(args=['--no-sandbox']).close()"
    )
    return succeeds([PYTHON, "-c", script], quiet=True)


def succeeds(command: Sequence[str], *, quiet: bool = False) -> bool:
    output = subprocess.DEVNULL if quiet else None
    done = subprocess.run(command, cwd=ROOT, stdout=output, stderr=output, check=False)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
