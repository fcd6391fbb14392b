"""Designed overlap: every judge is compared with others through entries that both have read.

Without it, strict and lenient panels cannot be told from weak and strong batches.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from judging.assigning.chance import draw

Pair = tuple[str, str]
Ties = dict[str, set[str]]
TIES_WANTED = 3
TRIES = 300


def ties_between(judges: Iterable[str], pairs: Iterable[Pair]) -> Ties:
    """For each judge the others who read at least one entry with them."""
    readers: dict[str, set[str]] = defaultdict(set)
    for judge, entry in pairs:
        readers[entry].add(judge)
    ties: Ties = {judge: set() for judge in judges}
    for together in readers.values():
        for judge in together:
            ties[judge] |= together - {judge}
    return ties


def islands(ties: Ties) -> list[set[str]]:
    """Groups of judges without any tie to the other groups, smallest first."""
    found = []
    waiting = set(ties)
    while waiting:
        island, edge = set(), {min(waiting)}
        while edge:
            island |= edge
            edge = set().union(*(ties[judge] for judge in edge)) - island
        found.append(island)
        waiting -= island
    return sorted(found, key=lambda island: (len(island), min(island)))


def lack_of_overlap(ties: Ties) -> tuple[int, int]:
    """Smaller is better; (1, 0) is connected with enough ties for everybody."""
    wanted = min(TIES_WANTED, len(ties) - 1)
    return len(islands(ties)), sum(max(0, wanted - len(others)) for others in ties.values())


def repair_by_swaps(
    pairs: frozenset[Pair],
    *,
    judges: Sequence[str],
    allowed: frozenset[Pair],
    kept: frozenset[Pair],
    seed: int,
) -> frozenset[Pair]:
    """Swap entries between two judges while it helps; loads and readings stay as they are."""
    movable = _by_judge(pairs - kept, seed=seed)
    ties = ties_between(judges, pairs)
    lack = lack_of_overlap(ties)
    if lack <= (1, 0):
        return pairs
    for swap in itertools.islice(_swaps(ties, movable, free=allowed - pairs), TRIES):
        swapped = pairs ^ swap
        if lack_of_overlap(ties_between(judges, swapped)) < lack:
            return repair_by_swaps(swapped, judges=judges, allowed=allowed, kept=kept, seed=seed)
    return pairs


def _by_judge(pairs: Iterable[Pair], *, seed: int) -> dict[str, list[str]]:
    entries: dict[str, list[str]] = defaultdict(list)
    for judge, entry in sorted(pairs, key=lambda pair: draw(seed, "swap", *pair)):
        entries[judge].append(entry)
    return entries


def _swaps(
    ties: Ties, movable: dict[str, list[str]], *, free: frozenset[Pair]
) -> Iterator[frozenset[Pair]]:
    """Two pairs to take away and two to add, first for the judges with the fewest ties."""
    lonely_first = sorted(ties, key=lambda judge: (len(ties[judge]), judge))
    for judge in lonely_first:
        strangers = [other for other in lonely_first if other not in {judge, *ties[judge]}]
        for mine, other in itertools.product(movable.get(judge, [])[:5], strangers):
            for theirs in movable.get(other, [])[:5]:
                added = {(judge, theirs), (other, mine)}
                if added <= free:
                    yield frozenset(added | {(judge, mine), (other, theirs)})


def bridge_islands(
    pairs: frozenset[Pair],
    *,
    capacity: Mapping[str, int],
    allowed: frozenset[Pair],
    seed: int,
) -> frozenset[Pair]:
    """Add single readings, where a judge has room, until the islands are one."""
    while True:
        groups = islands(ties_between(capacity, pairs))
        if len(groups) == 1:
            return pairs
        loads = Counter(judge for judge, _ in pairs)
        candidates = [
            (judge, entry)
            for judge, entry in allowed - pairs
            if loads[judge] < capacity[judge] and _joins(judge, entry, pairs, groups)
        ]
        if not candidates:
            return pairs
        best = min(candidates, key=lambda pair: (loads[pair[0]], draw(seed, "bridge", *pair)))
        pairs |= {best}


def _joins(judge: str, entry: str, pairs: frozenset[Pair], groups: list[set[str]]) -> bool:
    home = next(group for group in groups if judge in group)
    return any((other, entry) in pairs for group in groups if group is not home for other in group)
