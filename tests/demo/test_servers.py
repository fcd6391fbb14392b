from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
import redis

from kipp.demo.processes import command_of
from kipp.demo.servers import THROWAWAY, Server, start_postgres, start_valkey

STARTS_SERVERS_AND_WAITS = """
import json, sys, time
from pathlib import Path
from kipp.demo.servers import THROWAWAY, start_postgres, start_valkey
home = Path(sys.argv[1])
started = start_postgres(home, options=THROWAWAY), start_valkey(home)
print(json.dumps([server.process.pid for server in started]), flush=True)
time.sleep(60)
"""


@pytest.fixture
def postgres(server_home: Path) -> Iterator[Server]:
    server = start_postgres(server_home, options=THROWAWAY)
    yield server
    server.stop()


def test_postgres_keeps_its_rows_after_it_was_killed(server_home: Path, postgres: Server) -> None:
    _query(postgres, "CREATE TABLE kept AS SELECT 7 AS number")
    _query(postgres, "CHECKPOINT")
    postgres.process.kill()
    postgres.process.wait()

    again = start_postgres(server_home, options=THROWAWAY)

    assert _query(again, "SELECT number FROM kept") == [(7,)]
    again.stop()


def test_pid_file_that_names_another_process_is_no_obstacle(
    server_home: Path, postgres: Server
) -> None:
    postgres.stop()
    bystander = subprocess.Popen(["sleep", "60"])
    (server_home / "postgres" / "postmaster.pid").write_text(f"{bystander.pid}\n")

    again = start_postgres(server_home, options=THROWAWAY)

    assert _query(again, "SELECT 1") == [(1,)]
    assert bystander.poll() is None
    again.stop()
    bystander.kill()
    bystander.wait()


def test_server_still_running_on_the_same_data_is_replaced(
    server_home: Path, postgres: Server
) -> None:
    again = start_postgres(server_home, options=THROWAWAY)

    assert postgres.process.wait(10) == 0
    assert _query(again, "SELECT 1") == [(1,)]
    again.stop()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems clean up later")
def test_servers_end_with_a_killed_launcher(server_home: Path) -> None:
    launcher = subprocess.Popen(
        [sys.executable, "-c", STARTS_SERVERS_AND_WAITS, str(server_home)], stdout=subprocess.PIPE
    )
    pids = json.loads((launcher.stdout or sys.stdin).readline())
    assert all(str(server_home) in str(Path(f"/proc/{pid}/cwd").readlink()) for pid in pids)

    launcher.send_signal(signal.SIGKILL)
    launcher.communicate()

    deadline = time.monotonic() + 10
    while any(command_of(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [command_of(pid) for pid in pids] == ["", ""]


def test_nobody_enters_without_the_password(server_home: Path, postgres: Server) -> None:
    user, _at, place = postgres.url.partition("@")
    with pytest.raises(psycopg2.OperationalError, match="password"):
        psycopg2.connect(f"postgres://postgres:wrong@{place}")
    assert user.startswith("postgres://postgres:")

    valkey = start_valkey(server_home)
    with (
        redis.Redis.from_url(f"redis://{valkey.url.partition('@')[2]}") as stranger,
        pytest.raises(redis.AuthenticationError),
    ):
        stranger.ping()
    valkey.stop()


def test_search_finds_what_production_finds(postgres: Server) -> None:
    _query(postgres, "CREATE EXTENSION pg_trgm; CREATE EXTENSION unaccent")

    stems = _query(postgres, "SELECT to_tsvector('indonesian', 'pelayanan')::text, lower('ÉÇ')")

    assert stems == [("'layan':1", "éç")]


def _query(server: Server, sql: str) -> list[tuple[object, ...]]:
    connection = psycopg2.connect(server.url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(sql)
        rows = cursor.fetchall() if cursor.description else []
    connection.close()
    return rows
