"""States are tables: a move names where it starts and where it ends, and is made at most once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _


class Stateful(Protocol):
    """A row with a status that only its workflow changes and a version that every change raises."""

    pk: int
    status: str
    version: int


@dataclass(frozen=True, slots=True)
class Move:
    """From any of `sources` to `to`."""

    sources: frozenset[str]
    to: str


def move(*sources: str, to: str) -> Move:
    return Move(frozenset(sources), to)


class Workflow:
    """The table of moves of one machine. `advance` is the only place that writes a status."""

    def __init__(self, moves: Mapping[str, Move]) -> None:
        self.moves = dict(moves)

    def actions_from(self, status: str) -> frozenset[str]:
        """What could happen next, whoever asks."""
        return frozenset(action for action, made in self.moves.items() if status in made.sources)

    def check(self, status: str, action: str) -> None:
        """Raise `ValidationError(code="not_now")` when the table has no such move."""
        if status not in self.moves[action].sources:
            raise ValidationError(
                _("This step is not possible in the present state. Reload the page."),
                code="not_now",
            )

    def advance(self, row: Stateful, action: str, **fields: object) -> None:
        """Make the move with a guarded UPDATE and set `fields` with it.

        Raises `ValidationError` with code `not_now` (no such move from here) or `stale` (somebody
        was faster: the row has another status or version by now).
        """
        self.check(row.status, action)
        changes = {"status": self.moves[action].to, **fields}
        model = type(row)
        if not issubclass(model, models.Model):  # pragma: no cover - a programming error
            raise TypeError(model)
        guarded = model._default_manager.filter(pk=row.pk, status=row.status, version=row.version)
        if not guarded.update(version=F("version") + 1, **changes):
            raise stale()
        row.version += 1
        for name, value in changes.items():
            setattr(row, name, value)


def stale() -> ValidationError:
    return ValidationError(
        _("Somebody else was faster. Reload the page to see the present state."), code="stale"
    )
