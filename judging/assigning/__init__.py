"""Who reads what: conflicts barred, loads even, started work kept, judges tied by shared entries.

The same input and seed give the same plan, whatever the order of the input.
"""

from __future__ import annotations

from judging.assigning.adjusting import still_possible
from judging.assigning.moves import Move, MoveError, Objection, apply_move
from judging.assigning.plan import (
    Field,
    Pair,
    Plan,
    Reader,
    Reading,
    Reason,
    Shortage,
    Unfilled,
    assign_entries,
    assign_panels,
    default_readings,
    plan_of,
    reading_order,
)
from judging.assigning.prints import field_hash
from judging.assigning.statistics import Statistics, measure, severity_errors

__all__ = [
    "Field",
    "Move",
    "MoveError",
    "Objection",
    "Pair",
    "Plan",
    "Reader",
    "Reading",
    "Reason",
    "Shortage",
    "Statistics",
    "Unfilled",
    "apply_move",
    "assign_entries",
    "assign_panels",
    "default_readings",
    "field_hash",
    "measure",
    "plan_of",
    "reading_order",
    "severity_errors",
    "still_possible",
]
