"""The order in which a plenary discusses: by effect on the cut. Pure.

The rule: first whose chance of standing inside the line is nearest to one half, by the whole
percent that is shown; among equals, and where the readings tell no chance, whose score needs the
fewest points to change sides of the line; then who stands higher on the list. Who has no place is
not discussed: no order could help it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

HALF = 50
# Stands behind any chance: 0 and 100 percent are 50 away from one half.
UNKNOWN = 51


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """One ranked line; `is_inside`: within the line that chances are of."""

    key: str
    score: Decimal
    is_inside: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """`margin`: points to the nearest score on the other side; none where nobody stands there."""

    key: str
    chance: int | None
    margin: Decimal | None


def order_of_discussion(
    lines: Sequence[Ranked], *, chances: Mapping[str, float]
) -> tuple[Item, ...]:
    """`lines` in the order of the list; `chances` as shares of 1."""
    inside = [line.score for line in lines if line.is_inside]
    outside = [line.score for line in lines if not line.is_inside]
    items = [
        Item(
            key=line.key,
            chance=round(100 * chances[line.key]) if line.key in chances else None,
            margin=_margin(line, inside=inside, outside=outside),
        )
        for line in lines
    ]
    return tuple(sorted(items, key=_effect))


def _margin(
    line: Ranked, *, inside: Sequence[Decimal], outside: Sequence[Decimal]
) -> Decimal | None:
    """A spread rule may put a higher score outside: that one needs no point at all."""
    if not inside or not outside:
        return None
    gap = line.score - max(outside) if line.is_inside else min(inside) - line.score
    return max(gap, Decimal(0))


def _effect(item: Item) -> tuple[int, bool, Decimal]:
    """Sorting is stable, so equals stay in the order of the list."""
    doubt = UNKNOWN if item.chance is None else abs(item.chance - HALF)
    return (doubt, item.margin is None, item.margin or Decimal(0))
