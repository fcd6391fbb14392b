"""Queries that are written once and planned once: both take longer than PostgreSQL's answer.

    ROUNDS = Prepared(lambda: Round.objects.filter(competition=given("competition")))
    rounds = ROUNDS.ask(competition=7)

    NAMES = Statement("SELECT name FROM accounts_unit WHERE path = %(path)s")
    names = NAMES.ask(path="/1/")

For what is asked on every page or for everybody, whatever was chosen; it prefetches nothing.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.db.models import Expression, Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler

Answer = TypeVar("Answer")
Row = TypeVar("Row")
Related = TypeVar("Related", bound=Model)
NUMBERS = count(1)
NAMED = re.compile(r"%(?:\((\w+)\)s|%)")
# What each connection has planned; it forgets its plans when it is closed.
PLANNED: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


def given(name: str) -> Any:
    """Stands in a filter for a value that comes with the question."""
    return Given(name)


class Given(Expression):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:  # noqa: ARG002 - Django's
        return "%s", (self,)


def asked(ask: Callable[[], Answer]) -> Answer:
    """A connection kept from the request before is tried by the first question itself.

    Django tries it by a question of its own, which costs as much. If it is found dead, what only
    reads may be asked again of a new one.
    """
    connection: Any = connections[DEFAULT_DB_ALIAS]
    is_untried = connection.health_check_enabled and not connection.health_check_done
    if connection.connection is None or not is_untried:
        return ask()
    connection.health_check_done = True
    try:
        return ask()
    except Error:
        if connection.is_usable():
            raise
        connection.close()
        return ask()


class Statement:
    """SQL with a `%(name)s` for each value, planned at its first use by each connection.

    `holding`: what the same message makes hold first, a lock or a setting. The statement sees what
    was committed while it waited; both are one transaction, also where none was begun.
    """

    def __init__(self, sql: str, *, holding: str = "") -> None:
        self.sql = sql
        self.holding = f"{holding}; " if holding else ""
        self.plan = f"kipp_{next(NUMBERS)}"
        names = (found[1] for found in NAMED.finditer(sql) if found[1])
        self.places = {name: number for number, name in enumerate(dict.fromkeys(names), start=1)}
        self.call = f"{self.holding}EXECUTE {self.plan}"
        if self.places:
            self.call += f" ({', '.join(f'%({name})s' for name in self.places)})"

    def ask(self, **values: Any) -> list[tuple[Any, ...]]:
        return asked(lambda: self._ask(values))

    def _ask(self, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(*self.written(values))
            return list(cursor.fetchall())

    def written(self, values: Mapping[str, Any]) -> tuple[str, Any]:
        """What a cursor executes now."""
        if not settings.DATABASE_PREPARE:
            return self.holding + self.sql, values
        self._plan()
        return self.call, values

    def _plan(self) -> None:
        connection = connections[DEFAULT_DB_ALIAS]
        # As each of Django's cursors begins: a dead connection is opened anew and knows no plan.
        connection.close_if_health_check_failed()
        connection.ensure_connection()
        planned = PLANNED.setdefault(connection.connection, set())
        if self.plan not in planned:
            with connection.wrap_database_errors, connection.connection.cursor() as cursor:
                cursor.execute(f"PREPARE {self.plan} AS {self._numbered()}")
            planned.add(self.plan)

    def _numbered(self) -> str:
        return NAMED.sub(lambda found: f"${self.places[found[1]]}" if found[1] else "%", self.sql)


class Prepared(Generic[Row]):
    def __init__(self, make: Callable[[], QuerySet[Any, Row]]) -> None:
        self._make = make
        self._kept = threading.local()

    def ask(self, **values: Any) -> list[Row]:
        """What the query would give now: rows or models, as it was made."""
        if not hasattr(self._kept, "queryset"):
            self._write()
        self._kept.values = values
        queryset = self._kept.queryset
        # What iterating a QuerySet does, but for remembering the answer.
        return asked(lambda: list(queryset._iterable_class(queryset)))  # noqa: SLF001

    def first(self, **values: Any) -> Row | None:
        return next(iter(self.ask(**values)), None)

    def _write(self) -> None:
        queryset = self._make()
        compiler: SQLCompiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        statement, kept = Statement(_named(*compiler.as_sql())), self._kept

        def written(**_options: Any) -> tuple[str, Any]:
            return statement.written(kept.values)

        def of_now(*_args: Any, **_options: Any) -> SQLCompiler:
            compiler.connection = connections[DEFAULT_DB_ALIAS]
            return compiler

        compiler.as_sql = written  # type: ignore[method-assign, assignment]
        queryset.query.get_compiler = of_now  # type: ignore[method-assign]
        kept.queryset = queryset


def keep(owner: Model, relation: str, rows: Iterable[Related]) -> list[Related]:
    """Leave these rows where `prefetch_related_objects` would; it can only fetch them itself."""
    fetched = getattr(owner, relation).all()
    kept: list[Related] = list(rows)
    vars(fetched).update(_result_cache=kept, _prefetch_done=True)
    vars(owner).setdefault("_prefetched_objects_cache", {})[relation] = fetched
    return kept


def _named(sql: str, parameters: Sequence[Any]) -> str:
    """What is not given stands in the text: the planner sees it."""
    left = iter(parameters)
    return POSITION.sub(lambda found: _shown(next(left)) if found[1] else "%%", sql)


POSITION = re.compile(r"%(?:(s)|%)")


def _shown(parameter: Any) -> str:
    if isinstance(parameter, Given):
        return f"%({parameter.name})s"
    of_postgresql: Any = connections[DEFAULT_DB_ALIAS].ops
    return str(of_postgresql.compose_sql("%s", [parameter])).replace("%", "%%")
