"""Queries that Django writes once per thread: writing one takes longer than PostgreSQL's answer.

    ROUNDS = Prepared(lambda: Round.objects.filter(competition=given("competition")))
    rounds = ROUNDS.ask(competition=7)

For what is asked on every page or for everybody, whatever was chosen; it prefetches nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, QuerySet
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row")


def given(name: str) -> Any:
    """Stands in a filter for a value that comes with the question."""
    return Given(name)


class Given(Expression):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:  # noqa: ARG002 - Django's
        return "%s", (self,)


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
        return list(queryset._iterable_class(queryset))  # noqa: SLF001

    def first(self, **values: Any) -> Row | None:
        return next(iter(self.ask(**values)), None)

    def _write(self) -> None:
        queryset = self._make()
        compiler: SQLCompiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, parameters = compiler.as_sql()
        kept = self._kept

        def written(**_options: Any) -> tuple[str, tuple[Any, ...]]:
            return sql, tuple(_value(each, kept.values) for each in parameters)

        def of_now(*_args: Any, **_options: Any) -> SQLCompiler:
            compiler.connection = connections[DEFAULT_DB_ALIAS]
            return compiler

        compiler.as_sql = written  # type: ignore[method-assign, assignment]
        queryset.query.get_compiler = of_now  # type: ignore[method-assign]
        kept.queryset = queryset


def _value(parameter: Any, values: dict[str, Any]) -> Any:
    return values[parameter.name] if isinstance(parameter, Given) else parameter
