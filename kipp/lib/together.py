"""Several questions in one message: PostgreSQL answers each with its rows as JSON.

rounds, names = ask_together(competition.rounds.all(), units.values_list("pk", "name"))
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row", bound=Model)


def ask_together(*questions: QuerySet[Any, Any]) -> list[list[Any]]:
    """The rows of each: models of one table, or (`values_list`) lists of numbers and texts."""
    parts, values = [], list[Any]()
    for question in questions:
        part, given = _part(question)
        parts.append(part)
        values += given
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        answers = cursor.fetchone()
    return [_rows(*each) for each in zip(questions, answers, strict=True)]


def rows_in(text: str | None) -> list[Any]:
    """Numbers keep their places."""
    found: list[Any] = json.loads(text or "[]", parse_float=Decimal)
    return found


def models_in(model: type[Row], rows: Iterable[Sequence[Any]]) -> list[Row]:
    """From what JSON made of the columns, in the order of the model's fields."""
    fields = model._meta.concrete_fields
    names = [field.attname for field in fields]
    return [
        model.from_db(
            connection.alias,
            names,
            [field.to_python(value) for field, value in zip(fields, row, strict=True)],
        )
        for row in rows
    ]


def _part(question: QuerySet[Any, Any]) -> tuple[str, Sequence[Any]]:
    compiler: SQLCompiler = question.query.get_compiler(connection.alias)
    try:
        sql, values = compiler.as_sql()
    except EmptyResultSet:  # what is in no list needs no question
        return "NULL", ()
    columns = ", ".join(f"c{number}" for number in range(len(compiler.select)))
    rows = f"json_agg(json_build_array({columns}))::text"
    return f"(SELECT {rows} FROM ({sql}) AS part ({columns}))", values  # noqa: S608 - Django's SQL


def _rows(question: QuerySet[Any, Any], answer: str | None) -> list[Any]:
    rows = rows_in(answer)
    if question._iterable_class is not ModelIterable:  # noqa: SLF001 - has no other name
        return rows
    return models_in(question.model, rows)
