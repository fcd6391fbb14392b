"""The portal's commands as an operator runs them: a process of its own, the real settings."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent.parent


def manage(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=os.environ | surroundings() | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@contextmanager
def running(*arguments: str, **variables: str) -> Iterator[str]:
    """A command that goes on until it is stopped; yields its first line."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=os.environ | surroundings() | variables,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        yield process.stdout.readline()
    finally:
        process.terminate()
        process.communicate(timeout=20)


def surroundings() -> dict[str, str]:
    """The test's own database, Redis, uploads and mail server."""
    return {
        "DATABASE_URL": address_of(str(connection.settings_dict["NAME"])),
        "REDIS_URL": settings.REDIS_URL,
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "EMAIL_URL": f"smtp://{settings.EMAIL_HOST}:{settings.EMAIL_PORT}",
        "DJANGO_SETTINGS_MODULE": "kipp.settings",
        "PYTHONWARNINGS": "default",
    }


def address_of(database: str) -> str:
    server = connection.settings_dict
    return "postgres://{USER}:{PASSWORD}@/{database}?host={HOST}&port={PORT}".format(
        **server, database=database
    )
