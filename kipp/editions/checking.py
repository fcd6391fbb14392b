"""Check a parsed edition file: every problem at once, each with its key and the reason."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kipp.editions.readers import Refused
from kipp.editions.rules import broken_rules
from kipp.editions.shape import (
    EDITION,
    REQUIRED,
    Field,
    Part,
    Plain,
    Rows,
    Shape,
    default_reminders,
)


@dataclass(frozen=True, slots=True)
class Problem:
    """`key` is a path such as `tracks[umum].sections[ringkasan].weight`."""

    key: str
    reason: str

    def __str__(self) -> str:
        return f"{self.key}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Checked:
    """The definition with all defaults filled in; use it only if there are no problems."""

    definition: Plain
    problems: tuple[Problem, ...]


def check_edition(parsed: Plain) -> Checked:
    problems: list[Problem] = []
    definition = _check_table(parsed, shape=EDITION, path="", problems=problems)
    for round_ in definition["rounds"]:
        if "reminders" not in round_:
            round_["reminders"] = default_reminders(round_.get("kind"))
        round_["reminders"].sort(key=lambda rule: str(rule.get("audience")))
    definition["tiers"].sort(key=lambda tier: -tier.get("size", 0))
    problems.extend(Problem(path, reason) for path, reason in broken_rules(definition))
    return Checked(definition, tuple(problems))


def _check_table(value: object, *, shape: Shape, path: str, problems: list[Problem]) -> Plain:
    """The clean table; what cannot be read is left out of it and put among the problems."""
    if not isinstance(value, dict):
        problems.append(Problem(path, _("is a table")))
        return {}
    problems.extend(_unknown(value, shape=shape, path=path))
    clean: Plain = {}
    for field in shape.fields:
        _check_field(value, field=field, path=path, clean=clean, problems=problems)
    for part in shape.parts:
        _check_part(value, part=part, path=path, clean=clean, problems=problems)
    for rows in shape.rows:
        if rows.name in value or not rows.is_always_written:
            clean[rows.name] = _check_rows(
                value.get(rows.name, []), rows=rows, path=_join(path, rows.name), problems=problems
            )
    return clean


def _check_field(
    value: Plain, *, field: Field, path: str, clean: Plain, problems: list[Problem]
) -> None:
    if field.name in value:
        try:
            clean[field.name] = field.read(value[field.name])
        except Refused as refused:
            problems.append(Problem(_join(path, field.name), str(refused)))
    elif field.default is REQUIRED:
        problems.append(Problem(_join(path, field.name), _("is missing")))
    else:
        clean[field.name] = field.default


def _check_part(
    value: Plain, *, part: Part, path: str, clean: Plain, problems: list[Problem]
) -> None:
    if part.name in value or part.is_required:
        where = _join(path, part.name)
        clean[part.name] = _check_table(
            value.get(part.name, {}), shape=part.shape, path=where, problems=problems
        )


def _check_rows(value: object, *, rows: Rows, path: str, problems: list[Problem]) -> list[Plain]:
    if not isinstance(value, list):
        problems.append(Problem(path, _("is a list of tables")))
        return []
    clean = []
    seen = set()
    for number, row in enumerate(value, start=1):
        where = f"{path}[{_name(row, rows.unique) or number}]"
        checked = _check_table(row, shape=rows.shape, path=where, problems=problems)
        name = checked.get(rows.unique)
        if name in seen:
            problems.append(Problem(where, _("stands in the list twice")))
        elif name is not None:
            seen.add(name)
        clean.append(checked)
    return clean


def _name(row: object, unique: str) -> str:
    name = row.get(unique, "") if isinstance(row, dict) else ""
    return name[:40] if isinstance(name, str) else str(name)[:40]


def _unknown(value: Plain, *, shape: Shape, path: str) -> Iterator[Problem]:
    for name in value:
        if name in shape.names:
            continue
        near = difflib.get_close_matches(name, shape.names, n=1)
        reason = _("is not known here; is %(near)s meant?") if near else _("is not known here")
        yield Problem(_join(path, name), reason % {"near": near[0]} if near else reason)


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
