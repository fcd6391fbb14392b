"""Both projects behind the same gunicorn settings, and the processor time that they take."""

from __future__ import annotations

import base64
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from kipp.demo.processes import die_with_parent, stop_process
from kipp.demo.servers import free_port

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Side:
    """One project under load: where it listens and whose children do the work."""

    name: str
    port: int
    processes: tuple[int, ...]

    def cpu_seconds(self) -> float:
        """Of the gunicorn workers and everything that PostgreSQL runs."""
        return sum(_family_seconds(pid) for pid in self.processes)

    def web_seconds(self) -> float:
        """Of the gunicorn workers alone."""
        return _family_seconds(self.processes[0])

    def heaviest_worker_megabytes(self) -> float:
        """Resident, shared libraries included."""
        gunicorn, _postmaster = self.processes
        return max(_megabytes(pid) for pid in _children(gunicorn))

    def forget_peaks(self) -> None:
        """From here on the highest weight is counted anew."""
        for pid in _children(self.processes[0]):
            Path(f"/proc/{pid}/clear_refs").write_text("5")

    def highest_worker_megabytes(self) -> float:
        return max(_megabytes(pid, field="VmHWM") for pid in _children(self.processes[0]))


def portal_variables(folder: Path) -> dict[str, str]:
    """What production would say; nothing of the developer's own environment."""
    return {
        "DEBUG": "off",
        "DEMO": "off",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "SIGNING_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "SITE_URL": "https://localhost",
        "EMAIL_URL": "smtp://127.0.0.1:25",
        "REQUIRE_SECOND_FACTOR": "off",
        "LOG_LEVEL": "ERROR",
        "STATIC_ROOT": str(folder / "static"),
        "MEDIA_ROOT": str(folder / "media"),
        "WEB_CONCURRENCY": "2",
    }


def make_floor_database(portal_url: str) -> str:
    url = portal_url.rpartition("/")[0] + "/floor"
    connection = psycopg2.connect(portal_url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE floor")
        # Nothing may tidy up while one side is measured.
        cursor.execute("ALTER SYSTEM SET autovacuum = off")
        cursor.execute("SELECT pg_reload_conf()")
    connection.close()
    return url


def run_python(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True)


@contextmanager
def serving(name: str, *, log: Path) -> Iterator[Side]:
    with listening(f"bench.{name}.wsgi", log=log) as (port, process):
        yield Side(name, port, (process.pid, _postmaster()))


@contextmanager
def listening(application: str, *, log: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """gunicorn with the portal's own settings file; only the application differs."""
    port = free_port()
    command = [sys.executable, "-m", "bench.serving", "--config", "deploy/gunicorn.conf.py"]
    command += ["--bind", f"127.0.0.1:{port}", "--log-level", "error", application]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "LOG_LEVEL": "INFO"},
        stdout=log.open("wb"),
        stderr=subprocess.STDOUT,
        process_group=0,
        preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - one call into libc
    )
    try:
        if not _listens(port, process):
            raise SystemExit(
                f"{application} did not start: {log.read_text(errors='replace')[-2000:]}"
            )
        yield port, process
    finally:
        stop_process(process, by=signal.SIGTERM)


def _listens(port: int, process: subprocess.Popen[bytes]) -> bool:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return True
    return False


def _postmaster() -> int:
    connection = psycopg2.connect(os.environ["DATABASE_URL"])
    backend = connection.info.backend_pid
    parent = int(_stat(backend)[1])
    connection.close()
    return parent


def _family_seconds(parent: int) -> float:
    """All children of a process: those that live and those that it has buried."""
    ticks = sum(int(value) for value in _stat(parent)[13:15])
    for pid in _children(parent):
        fields = _stat_if_alive(pid)
        ticks += int(fields[11]) + int(fields[12]) if fields else 0
    return ticks / TICKS


def _children(parent: int) -> list[int]:
    pids = [int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit()]
    return [pid for pid in pids if (fields := _stat_if_alive(pid)) and int(fields[1]) == parent]


def _stat_if_alive(pid: int) -> list[str]:
    try:
        return _stat(pid)
    except OSError:
        return []


def _megabytes(pid: int, *, field: str = "VmRSS") -> float:
    """A field of proc(5), which stands there in kilobytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    found = next(line for line in lines if line.startswith(f"{field}:"))
    return int(found.split()[1]) / 1024


def _stat(pid: int) -> list[str]:
    """From the third field of proc(5) on: state, parent, ..., utime, stime, cutime, cstime."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
