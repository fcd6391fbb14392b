"""One value on a scale, as judges type it: decimal comma or point, nothing but digits."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

# Digits, then at most two decimals: what the column holds. No sign, exponent, NaN or Infinity.
MARK = re.compile(r"(?P<whole>[0-9]{1,6})(?:[.,](?P<decimals>[0-9]{1,2}))?", re.ASCII)
# What comes along when a number is copied from a sheet or a chat.
INVISIBLE = str.maketrans("", "", "\u200b\u200e\u200f\u2060\ufeff")


@dataclass(frozen=True, slots=True)
class Scale:
    low: Decimal
    high: Decimal
    step: Decimal

    def allows(self, value: Decimal) -> bool:
        """Whether the value lies on the scale, counted in steps from its lowest value."""
        if not value.is_finite() or not self.low <= value <= self.high:
            return False
        return (value - self.low) % self.step == 0

    @property
    def count(self) -> int:
        """How many values the scale has."""
        return int((self.high - self.low) // self.step) + 1

    def marks(self) -> list[Decimal]:
        """Every value of the scale, from low to high. Ask `count` before."""
        return [self.low + place * self.step for place in range(self.count)]

    def is_spelt_by(self, values: Collection[Decimal]) -> bool:
        """Whether these are all values of the scale, so that choosing among them loses none."""
        return len(set(values)) == self.count and all(self.allows(value) for value in values)


def read_mark(text: str) -> Decimal | None:
    """The number that was typed; `None` when it is none."""
    match = MARK.fullmatch(text.translate(INVISIBLE).strip())
    if match is None:
        return None
    return Decimal(f"{match['whole']}.{match['decimals'] or '0'}")
