"""How a test that committed ends: only what it wrote is removed.

Django's own command truncates every table and makes all permissions anew, many times the work
of a usual test.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management.commands import flush
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

# Migrating fills them, and they are the same for every test.
KEPT = {ContentType._meta.db_table, Permission._meta.db_table}


class Command(flush.Command):
    def handle(self, **options: Any) -> None:
        connection = connections[options["database"]]
        if is_superuser(connection):
            empty_tables(connection)
        else:
            super().handle(**options)


def is_superuser(connection: BaseDatabaseWrapper) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SHOW is_superuser")
        return bool(cursor.fetchone() == ("on",))


def empty_tables(connection: BaseDatabaseWrapper) -> None:
    """No foreign key and no trigger of ours has a say: afterwards all tables are empty."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in tables_with_rows(connection):
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - a table of ours


def tables_with_rows(connection: BaseDatabaseWrapper) -> list[str]:
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    look = "SELECT '{0}' WHERE EXISTS (SELECT FROM {0})"
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(look.format(name) for name in set(names) - KEPT))
        return [name for (name,) in cursor.fetchall()]
