"""The portal as real processes that share one clock, and what may be done to them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import psycopg2

from kipp.demo.servers import Server, ServerFailedError, free_port, start_postgres, start_valkey
from tests.chaos.browser import Doors
from tests.chaos.parts import ROOT, Part, children_of, send_signal
from tests.chaos.post import Post
from tests.disks import Disk
from tests.sending.rig import Clock

# A killed server loses what the kernel does not have yet, so commits are written; nobody cuts the
# power, so nothing need be forced to the disk.
DURABLE_ENOUGH = ("-c", "fsync=off", "-c", "max_connections=60")
READY_SECONDS = 240
CELERY = [sys.executable, "-W", "ignore", "-m", "celery", "--app", "tests.chaos.hurried"]


class Ground:
    """`database_url` names a database that is not ours to kill; without it a cluster is made."""

    def __init__(
        self, home: Path, logs: Path, *, clock: Clock | None = None, database_url: str = ""
    ) -> None:
        self.home, self.logs, self.clock = home, logs, clock
        self.passed = timedelta()
        self.doors = Doors()
        self.post = Post()
        self.postgres: Server | None = None
        self.database_url = database_url
        self.valkey: Server | None = None
        self.webs: list[Part] = []
        self.workers: list[Part] = []
        self.beats: list[Part] = []
        self.parts: list[Part] = []
        self.media = home / "media"
        self.disk: Disk | None = None
        self.extra: dict[str, str] = {}

    def open_servers(self) -> None:
        """The mail server first: nothing that it starts may inherit the moved clock."""
        self.post.controller.start()
        if not self.database_url:
            self.start_postgres()
        self.start_valkey()

    def start_postgres(self) -> None:
        with self.moved():
            self.postgres = _insist(
                lambda: start_postgres(self.home, options=DURABLE_ENOUGH, instead_of=self.postgres)
            )
        self.database_url = self.postgres.url

    def start_valkey(self) -> None:
        with self.moved():
            self.valkey = start_valkey(self.home, instead_of=self.valkey)

    def kill_postgres(self) -> None:
        assert self.postgres is not None
        family = [self.postgres.process.pid, *children_of(self.postgres.process.pid)]
        for pid in family:
            send_signal(pid, signal.SIGKILL)
        self.postgres.process.wait()

    def signal_postgres(self, by: signal.Signals) -> None:
        """Every process of the server."""
        assert self.postgres is not None
        for pid in [self.postgres.process.pid, *children_of(self.postgres.process.pid)]:
            send_signal(pid, by)

    def kill_valkey(self) -> None:
        assert self.valkey is not None
        self.valkey.process.kill()
        self.valkey.process.wait()

    def signal_valkey(self, by: signal.Signals) -> None:
        assert self.valkey is not None
        self.valkey.process.send_signal(by)

    @contextmanager
    def moved(self) -> Iterator[None]:
        """What is started inside follows our clock."""
        variables = self.clock.variables if self.clock else {}
        os.environ.update(variables)
        try:
            yield
        finally:
            for name in variables:
                del os.environ[name]

    def move(self, by: timedelta) -> None:
        assert self.clock is not None
        self.passed += by
        self.clock.move(self.passed)

    @property
    def variables(self) -> dict[str, str]:
        """Of every process of the portal; the worker refuses root outside a demo."""
        assert self.valkey is not None
        return {
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.valkey.url,
            "EMAIL_URL": f"smtp://127.0.0.1:{self.post.port}",
            "SECRET_KEY": "only-for-chaos-" * 4,
            "SITE_URL": "http://localhost",
            "DEBUG": "off",
            "DEMO": "on",
            "DJANGO_SETTINGS_MODULE": "kipp.settings",
            "MEDIA_ROOT": str(self.media),
            "STATIC_ROOT": str(self.home / "static"),
            "FREE_SPACE_FLOOR_MB": "0",
            "FREE_SPACE_FLOOR_PERCENT": "0",
            "LOG_FORMAT": "json",
            "LOG_LEVEL": "INFO",
            "WEB_CONCURRENCY": "2",
            "PYTHONUNBUFFERED": "1",
            **(self.clock.variables if self.clock else {}),
            **self.extra,
        }

    def add_web(self, **variables: str) -> Part:
        port = free_port()
        command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
        command += ["--bind", f"127.0.0.1:{port}", "--log-level", "error", "--preload"]
        part = self._part(f"web-{port}", command, {**variables, "PORT": str(port)})
        self.webs.append(part)
        return part

    def add_worker(self, **variables: str) -> Part:
        number = len(self.workers)
        command = [*CELERY, "worker", "--queues", "mail,heavy", "--concurrency", "1"]
        command += ["--hostname", f"worker{number}@localhost", "--loglevel", "WARNING"]
        part = self._part(f"worker-{number}", command, variables)
        self.workers.append(part)
        return part

    def add_beat(self) -> Part:
        number = len(self.beats)
        schedule = self.home / f"beat-{number}"
        command = [*CELERY, "beat", "--schedule", str(schedule), "--pidfile=", "--loglevel", "INFO"]
        part = self._part(f"beat-{number}", command, {"SCHEDULE": str(schedule)})
        self.beats.append(part)
        return part

    def forget_schedule(self, beat: Part) -> None:
        """As in a container that was made anew."""
        schedule = Path(beat.variables["SCHEDULE"])
        for file in schedule.parent.glob(f"{schedule.name}*"):
            file.unlink()

    def open_portal(self) -> None:
        for part in (*self.webs, *self.workers, *self.beats):
            part.start()
        for web in self.webs:
            wait_for(port_of(web))
        self.wait_for_workers()
        self.doors.ports = [port_of(web) for web in self.webs]

    def wait_for_workers(self) -> None:
        """Until each has the process that does the work."""
        deadline = time.monotonic() + READY_SECONDS
        while not all(children_of(worker.pid) for worker in self.workers):
            if time.monotonic() > deadline:
                raise ServerFailedError("A worker did not start.")
            time.sleep(0.1)

    def manage(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env={**os.environ, **self.variables, **variables},
            capture_output=True,
            text=True,
            check=False,
            timeout=180,
        )

    def ask(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with closing(psycopg2.connect(self.database_url, connect_timeout=5)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement, values)
                return list(cursor.fetchall()) if cursor.description else []

    def close(self) -> None:
        for part in self.parts:
            part.end()
        self.post.controller.stop()
        for server in (self.valkey, self.postgres):
            if server:
                server.process.send_signal(signal.SIGCONT)
                server.stop()

    def _part(self, name: str, command: list[str], variables: Mapping[str, str]) -> Part:
        part = Part(name, command, {**self.variables, **variables}, self.logs / f"{name}.log")
        self.parts.append(part)
        return part


def port_of(web: Part) -> int:
    return int(web.variables["PORT"])


def wait_for(port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        try:
            with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
                connection.request("GET", "/healthz")
                if connection.getresponse().status == 200:
                    return
        except (OSError, HTTPException):
            time.sleep(0.1)
    raise ServerFailedError(f"Nothing answers at port {port}.")


def _insist(start: Any) -> Server:
    """What a killed server left in shared memory is gone only when its last child is."""
    for _try in range(10):
        try:
            return start()  # type: ignore[no-any-return]
        except ServerFailedError:
            time.sleep(0.3)
    return start()  # type: ignore[no-any-return]
