"""Who reads what: conflicts barred, loads even, started work kept, judges tied by shared entries.

The same input and seed give the same plan, whatever the order of the input.
"""

from __future__ import annotations

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
    default_readings,
    reading_order,
)

__all__ = [
    "Field",
    "Pair",
    "Plan",
    "Reader",
    "Reading",
    "Reason",
    "Shortage",
    "Unfilled",
    "assign_entries",
    "default_readings",
    "reading_order",
]
