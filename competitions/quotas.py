"""Quotas that differ by the level of the unit: `agency=5` beside the rule's own number. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from accounts.levels import PARENT_LEVELS

ITEM = re.compile(r"([a-z]+) ?= ?([1-9][0-9]{0,3})")


def limits_by_level(items: Iterable[str]) -> Mapping[str, int]:
    """What is no limit of a known level is left out; `unknown_limits` names it."""
    found = (ITEM.fullmatch(item) for item in items)
    return {each[1]: int(each[2]) for each in found if each and each[1] in PARENT_LEVELS}


def unknown_limits(items: Iterable[str]) -> list[str]:
    return sorted(item for item in items if not limits_by_level([item]))
