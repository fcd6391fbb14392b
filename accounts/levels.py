"""Which level may stand below which. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

LevelName = Literal["government", "agency", "service"]

PARENT_LEVELS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "government": frozenset({"government"}),
        "agency": frozenset({"government"}),
        "service": frozenset({"agency", "service"}),
    }
)
