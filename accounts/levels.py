"""Which level may stand below which. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

PARENT_LEVELS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "government": frozenset({"government"}),
        "agency": frozenset({"government"}),
        "service": frozenset({"agency", "service"}),
    }
)


def levels_below(level: str) -> tuple[str, ...]:
    """What may be entered below a unit of this level; below nothing, a government."""
    if not level:
        return ("government",)
    return tuple(each for each, above in PARENT_LEVELS.items() if level in above)
