"""A portal of real processes: PostgreSQL and gunicorn, each with a clock that can be moved."""

from __future__ import annotations

import os
import shutil
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.conf import settings

from kipp.demo.processes import die_with_parent, stop_process
from kipp.demo.servers import THROWAWAY, free_port, start_postgres

ROOT = Path(__file__).resolve().parent.parent.parent
SHIM = Path(__file__).with_name("clockshim.c")
WORKERS = 2
CSRF = "sending" * 4 + "once"
START_SECONDS = 60


@dataclass(frozen=True)
class Clock:
    """Of every process that was started with it: moving it moves them while they run."""

    library: Path
    file: Path

    def move(self, by: timedelta) -> None:
        with self.file.open("r+b") as stream:
            stream.write(struct.pack("=q", round(by.total_seconds() * 1e9)))

    @property
    def variables(self) -> dict[str, str]:
        return {"LD_PRELOAD": str(self.library), "CLOCKSHIM_FILE": str(self.file)}


def make_clock(home: Path, *, name: str) -> Clock:
    library = home / "clockshim.so"
    if not library.exists():
        compiler = shutil.which("gcc") or shutil.which("cc")
        if compiler is None:
            pytest.fail("A C compiler is needed to move the clock: apt-get install gcc libc6-dev")
        command = [compiler, "-O2", "-shared", "-fPIC", "-o", str(library), str(SHIM)]
        subprocess.run(command, check=True)
        library.chmod(0o755)
    file = home / f"{name}.offset"
    file.write_bytes(bytes(8))
    file.chmod(0o644)
    return Clock(library, file)


@dataclass(frozen=True)
class Answer:
    """When it was sent and answered, by the monotonic clock, and what the answer was."""

    status: int
    location: str
    sent: float
    answered: float


@dataclass(frozen=True)
class Portal:
    """`database` and `web` are the clocks of the two; `log` is what gunicorn wrote."""

    port: int
    master: int
    log: Path
    database: Clock
    web: Clock

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.master}/task/{self.master}/children").read_text()
        return [int(pid) for pid in children.split()]

    def signal_workers(self, by: signal.Signals) -> None:
        for pid in self.workers():
            os.kill(pid, by)

    def get(self, path: str) -> bytes:
        return get(self.port, path)

    def submit(self, pk: int, *, token: UUID, session: str) -> Answer:
        """The final send as a browser makes it. Status 0: the connection broke."""
        form = urlencode({"token": str(token), "statement": "on", "csrfmiddlewaretoken": CSRF})
        headers = {
            "Cookie": f"csrftoken={CSRF}; sessionid={session}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = time.monotonic()
        try:
            connection.request("POST", f"/proposal/{pk}/pengesahan/sahkan/", form, headers)
            answer = connection.getresponse()
            answer.read()
        except (OSError, HTTPException):
            return Answer(0, "", sent, time.monotonic())
        finally:
            connection.close()
        location = answer.headers.get("Location", "")
        return Answer(answer.status, location, sent, time.monotonic())


@contextmanager
def moved_postgres(home: Path, *, clock: Clock) -> Iterator[str]:
    """An empty cluster of our own; its clock is `clock`."""
    os.environ.update(clock.variables)
    try:
        server = start_postgres(home, options=THROWAWAY)
    finally:
        for name in clock.variables:
            del os.environ[name]
    try:
        yield server.url
    finally:
        server.stop()


@contextmanager
def gunicorn(database_url: str, *, home: Path, clock: Clock) -> Iterator[tuple[int, int, Path]]:
    """Port, process and log of the web server as production runs it."""
    port, log = free_port(), home / "gunicorn.log"
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
    # A new worker in the place of a killed one answers at once.
    command += ["--preload"]
    with log.open("wb") as lines:
        process = subprocess.Popen(
            [*command, "--bind", f"127.0.0.1:{port}", "--log-level", "error"],
            cwd=ROOT,
            env={**os.environ, **web_variables(database_url), **clock.variables},
            stdout=lines,
            stderr=subprocess.STDOUT,
            process_group=0,
            preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - one call into libc
        )
    try:
        wait_for(port, process=process, log=log)
        yield port, process.pid, log
    finally:
        stop_process(process, by=signal.SIGQUIT)


def web_variables(database_url: str) -> Mapping[str, str]:
    return {
        "DATABASE_URL": database_url,
        "REDIS_URL": settings.REDIS_URL,
        "SECRET_KEY": settings.SECRET_KEY,
        "SITE_URL": "http://localhost",
        "EMAIL_URL": "smtp://127.0.0.1:1025",
        "DJANGO_SETTINGS_MODULE": "kipp.settings",
        "DEBUG": "on",
        "LOG_FORMAT": "json",
        "LOG_LEVEL": "INFO",
        "WEB_CONCURRENCY": str(WORKERS),
    }


def get(port: int, path: str) -> bytes:
    with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", path)
        return connection.getresponse().read()


def wait_for(port: int, *, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            if get(port, "/healthz") == b"ok\n":
                return
        except (OSError, HTTPException):
            time.sleep(0.1)
    pytest.fail(f"gunicorn did not start: {log.read_text(errors='replace')[-2000:]}")
