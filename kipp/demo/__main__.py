"""`make demo`: servers, data, web, worker and scheduler in one terminal, until Ctrl-C."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime

import django
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from kipp.backup.postgres import applied_migrations, known_migrations
from kipp.demo import year
from kipp.demo.accounts import LOGINS, PASSWORD, email_of
from kipp.demo.catalogs import compile_catalogs
from kipp.demo.mailbox import start_mailbox
from kipp.demo.privileges import private_home
from kipp.demo.processes import Child, die_with_parent, first_dead, start_child, stop_children
from kipp.demo.servers import (
    Server,
    ServerFailedError,
    drop_database,
    free_port,
    start_postgres,
    start_valkey,
)
from kipp.demo.surroundings import (
    RECORD,
    ROOT,
    RUNNING,
    STATE,
    VAR,
    keep_variables,
    port_is_free,
    portal_variables,
    take_lock,
)

READY_SECONDS = 60


def main(arguments: Sequence[str]) -> int:
    options = parse(arguments)
    STATE.mkdir(parents=True, exist_ok=True)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    if os.environ.get("MAKELEVEL") and (follow_make := die_with_parent(signal.SIGTERM)):
        follow_make()
    with ExitStack() as stack:
        try:
            return run(options, stack=stack)
        except KeyboardInterrupt:
            print("\nStopping ...", flush=True)
            return 0
        except (ServerFailedError, year.OtherYearError) as error:
            return complain(str(error))


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make demo")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--until", choices=year.MOMENTS)
    parser.add_argument("--develop", action="store_true", help="Django's reloading server")
    return parser.parse_args(arguments)


def run(options: argparse.Namespace, *, stack: ExitStack) -> int:
    begun = time.monotonic()
    lock = take_lock()
    if not lock:
        return complain("The demo of this folder is already running in another terminal.")
    stack.enter_context(lock)
    RUNNING.unlink(missing_ok=True)
    if not port_is_free(options.port):
        return complain(
            f"Port {options.port} is in use: choose another, as in"
            f" `make demo PORT={options.port + 1}`."
        )
    with ThreadPoolExecutor(1) as beside:
        compiled = beside.submit(compile_catalogs, ROOT / "locale")
        postgres = start_servers(options, stack=stack)
        compiled.result()
    prepare(options.until, postgres=postgres, stack=stack)
    children = start_portal(options, stack=stack)
    if len(children) == 1:
        return complain("The web server did not start; its lines stand above.")
    welcome(options.port, seconds=time.monotonic() - begun)
    while not (child := first_dead(children)):
        time.sleep(0.3)
    return complain(f"The {child.name} stopped with code {child.process.returncode}; so do we.")


def start_servers(options: argparse.Namespace, *, stack: ExitStack) -> Server | None:
    """Everything that the environment does not name; the PostgreSQL server if it is ours."""
    variables = portal_variables(options.port)
    if options.develop:
        variables["DEBUG"] = "on"
    home = private_home(VAR / "servers")
    postgres = None
    if not os.environ.get("DATABASE_URL"):
        postgres = start_postgres(home)
        stack.callback(postgres.stop)
        variables["DATABASE_URL"] = postgres.url
    if not os.environ.get("REDIS_URL"):
        valkey = start_valkey(home)
        stack.callback(valkey.stop)
        variables["REDIS_URL"] = valkey.url
    if not os.environ.get("EMAIL_URL"):
        port = free_port()
        stack.callback(start_mailbox(VAR / "mail", port=port).stop)
        variables["EMAIL_URL"] = f"smtp://127.0.0.1:{port}"
    os.environ.update(variables)
    passed_on = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL")}
    keep_variables(variables | passed_on)
    stack.callback(RUNNING.unlink, missing_ok=True)
    tell("PostgreSQL, Valkey and the mail server answer")
    return postgres


def prepare(until: str | None, *, postgres: Server | None, stack: ExitStack) -> None:
    """The database here, the static files beside it."""
    collect = [sys.executable, "manage.py", "collectstatic", "--verbosity=0", "--no-input"]
    static = start_child("static", collect, cwd=ROOT)
    stack.callback(stop_children, [static])
    django.setup()
    seeded = year.seeded_moment(RECORD)
    if postgres and (seeded is None or until not in {None, seeded} or is_of_another_version()):
        drop_database(postgres)
        seeded = None
    if postgres:
        wait_for_no_disk()
    call_command("migrate", verbosity=0, interactive=False)
    tell("The database is ready")
    fill(until, seeded=seeded)
    if static.process.wait():
        raise ServerFailedError("The static files could not be collected; the reason stands above.")


def wait_for_no_disk() -> None:
    """Commit without waiting for the disk: what a crash would lose, the next start makes again."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")


def is_of_another_version() -> bool:
    """Made by migrations that are not here: they are folded as long as nothing is released."""
    unknown = applied_migrations() - known_migrations()
    connection.close()
    return bool(unknown)


def fill(until: str | None, *, seeded: str | None) -> None:
    if not year.is_empty():
        if until not in {None, seeded}:
            raise year.OtherYearError(
                "The database in DATABASE_URL is not empty: empty it to see another UNTIL."
            )
        if seeded and year.is_stale(RECORD, at=datetime.now(UTC)):
            tell("This demo year is some days old; `make clean demo` makes it anew")
        return
    tell(f"Filling the demo year up to: {until or year.DEFAULT}")
    year.seed(until or year.DEFAULT, record=RECORD)


def start_portal(options: argparse.Namespace, *, stack: ExitStack) -> list[Child]:
    """The web server first: worker and beat would only delay the first page.

    The mails of the year go out while it loads.
    """
    children: list[Child] = []
    stack.callback(stop_children, children)
    children.append(start_child("web", web_command(options), cwd=ROOT))
    year.send_mails()
    if wait_until_ready(options.port, web=children[0]):
        celery = [sys.executable, "-Wignore:You're running the worker", "-m", "celery"]
        celery += ["--app", "kipp", "--quiet"]
        level = ["--loglevel", os.environ["LOG_LEVEL"]]
        worker = ["worker", "--queues", "mail,heavy", "--concurrency", "2", "--without-mingle"]
        beat = ["beat", "--schedule", str(STATE / "beat"), "--pidfile="]
        children.append(start_child("worker", [*celery, *worker, *level], cwd=ROOT))
        children.append(start_child("beat", [*celery, *beat, *level], cwd=ROOT))
    return children


def web_command(options: argparse.Namespace) -> list[str]:
    address = f"127.0.0.1:{options.port}"
    if options.develop:
        return [sys.executable, "manage.py", "runserver", address]
    gunicorn = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
    return [*gunicorn, "--bind", address, "--log-level", "warning"]


def wait_until_ready(port: int, *, web: Child) -> bool:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and not first_dead([web]):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False


def welcome(port: int, *, seconds: float) -> None:
    site = f"http://localhost:{port}"
    people = "\n".join(f"               {login.key:10} {email_of(login.key)}" for login in LOGINS)
    print(
        f"""
  KIPP is running at  {site}/      ({seconds:.0f} s)

  Log in       {site}{reverse("account_login")} - one click enters as each role,
               or by e-mail with the password {PASSWORD}
{people}
  Then try     as an author: write a proposal, send it for endorsement
               as the organizer: screen proposals, watch the board, close the stage
               as a judge: score an entry beside its proposal
  Mail         what was sent is kept in var/mail and shown on {site}/demo/surat/
  Another day  make demo UNTIL={"|".join(year.MOMENTS)}
  Stop         Ctrl-C
""",
        flush=True,
    )


def tell(sentence: str) -> None:
    print(f"demo   | {sentence}", flush=True)


def complain(sentence: str) -> int:
    print(f"demo   | {sentence}", file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
