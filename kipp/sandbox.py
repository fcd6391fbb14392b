"""A database beside the portal's, for a rehearsal: what is written there is dropped with it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

from django.db import connection

SUFFIX = "_rehearsal"


def name_of_sandbox() -> str:
    return f"{connection.settings_dict['NAME']}{SUFFIX}"


def address_of_sandbox() -> str:
    """The portal's own, with another name of the database."""
    portal = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(portal._replace(path=f"/{name_of_sandbox()}"))


@contextmanager
def sandbox() -> Iterator[str]:
    """Its address. Raises `ProgrammingError` where there is one already, or we may make none."""
    name = connection.ops.quote_name(name_of_sandbox())
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    try:
        yield address_of_sandbox()
    finally:
        drop_sandbox()


def drop_sandbox() -> bool:
    """False where there was none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name_of_sandbox()])
        if cursor.fetchone() is None:
            return False
        name = connection.ops.quote_name(name_of_sandbox())
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    return True
