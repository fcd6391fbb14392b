"""Moving a part of the definition one place up or down in its list."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from accounts import audit
from accounts.models import User
from competitions import queries
from competitions.models import (
    AttachmentSlot,
    Category,
    EligibilityRule,
    ObjectionReason,
    Round,
    Section,
    Track,
)
from competitions.services.setup import STALE, check_editable, hold_for_setup

OrderedPart = (
    Category | ObjectionReason | Track | Section | AttachmentSlot | EligibilityRule | Round
)


@transaction.atomic
def move_part_up(part: OrderedPart, *, by: User, at: datetime, version: int) -> None:
    """Change places with the part above; the first one stays where it is."""
    _move(part, -1, by=by, at=at, version=version)


@transaction.atomic
def move_part_down(part: OrderedPart, *, by: User, at: datetime, version: int) -> None:
    """Change places with the part below; the last one stays where it is."""
    _move(part, 1, by=by, at=at, version=version)


def _move(part: OrderedPart, step: int, *, by: User, at: datetime, version: int) -> None:
    held = hold_for_setup(queries.competition_of(part))
    check_editable(part, before=part, competition=held, at=at)
    line = list(queries.line_of(part))
    place = next((place for place, row in enumerate(line) if row.pk == part.pk), None)
    if place is None or line[place].version != version:
        raise ValidationError(STALE, code="stale")
    if not shift(line, place=place, step=step):
        return
    audit.record(
        by,
        "competition.part_moved",
        held,
        at=at,
        part=audit.type_of(part),
        name=str(part)[:200],
        place=place + step + 1,
    )


def shift(line: list[Any], *, place: int, step: int) -> bool:
    """Write the order anew with one row moved; whoever moves holds the lock of the line."""
    target = place + step
    if not 0 <= target < len(line):
        return False
    line.insert(target, line.pop(place))
    for order, row in enumerate(line, start=1):
        if row.order != order:
            rows = type(row)._default_manager.filter(pk=row.pk)
            rows.update(order=order, version=F("version") + 1)
    return True
