"""The optimiser: fill every entry's readings at even loads, as a mixed-integer programme."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from heapq import nlargest, nsmallest
from typing import cast

from judging.assigning.chance import draw

# In this order: leave nothing unread, then even loads, then the judges' fields, then chance. A
# better field is worth about two readings above the load of others.
UNREAD_COST = 1_000_000.0
LOAD_COST = 100.0
FIT_COST = 250.0
# More pairs than this are looked at through so many candidates for each entry.
LARGE, CANDIDATES = 30_000, 10
# Around the mean load each further reading costs more; outside of it, a flat rate.
SPREAD = 10

Pair = tuple[str, str]


def balance_readings(
    allowed: Sequence[Pair],
    *,
    needed: Mapping[str, int],
    capacity: Mapping[str, int],
    kept: frozenset[Pair],
    seed: int,
    misfits: Mapping[Pair, float],
) -> list[Pair]:
    """Choose pairs (judge, entry); feasible for any input because an entry may stay short.

    A large field is tried first with a few candidates for each entry. Only what then stays short
    without need is tried again with more.
    """
    lots = {pair: draw(seed, *pair) for pair in allowed}
    costs = {pair: lot + FIT_COST * misfits.get(pair, 0.0) for pair, lot in lots.items()}
    unavoidable = max(0, sum(needed.values()) - sum(capacity.values()))
    width = len(capacity)
    if len(allowed) > LARGE:
        width = CANDIDATES + max(needed.values())
    while True:
        few = candidates(allowed, costs=costs, lots=lots, kept=kept, width=width)
        chosen = _solve(few, costs=costs, needed=needed, capacity=capacity, kept=kept)
        got = Counter(entry for _judge, entry in chosen)
        short = sum(max(0, count - got[entry]) for entry, count in needed.items())
        if short <= unavoidable or width >= len(capacity):
            return chosen
        width *= 4


def candidates(
    allowed: Sequence[Pair],
    *,
    costs: Mapping[Pair, float],
    lots: Mapping[Pair, float],
    kept: frozenset[Pair],
    width: int,
) -> list[Pair]:
    """For each entry the best fitting judges and as many by lot alone, in the order given."""
    by_entry: dict[str, list[Pair]] = defaultdict(list)
    for pair in allowed:
        by_entry[pair[1]].append(pair)
    if all(len(pairs) <= width for pairs in by_entry.values()):
        return list(allowed)
    wanted = set(kept)
    for pairs in by_entry.values():
        wanted.update(nsmallest(width - width // 2, pairs, key=costs.__getitem__))
        # From the other end: so they are others than the best where nobody fits better.
        wanted.update(nlargest(width // 2, pairs, key=lots.__getitem__))
    return [pair for pair in allowed if pair in wanted]


def _solve(
    allowed: Sequence[Pair],
    *,
    costs: Mapping[Pair, float],
    needed: Mapping[str, int],
    capacity: Mapping[str, int],
    kept: frozenset[Pair],
) -> list[Pair]:
    # SciPy costs a second and 74 MB, so only the process that drafts a plan pays for it.
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_array

    segments = load_segments(total=sum(needed.values()), judges=len(capacity))
    # The first reading that an entry lacks is the cheapest: a shortage is shared evenly.
    unread = [UNREAD_COST * number for count in needed.values() for number in range(1, count + 1)]
    others = len(unread) + len(capacity) * len(segments)
    prices, widths = [price for _, price in segments], [float(width) for width, _ in segments]
    upper = [1.0] * (len(allowed) + len(unread)) + widths * len(capacity)
    cells, shape = constraint_cells(
        allowed, needed=needed, judges=list(capacity), segments=len(segments)
    )
    wanted = [*needed.values(), *(0 for _ in capacity)]
    result = milp(
        [costs[pair] for pair in allowed] + unread + prices * len(capacity),
        integrality=np.repeat([1, 0], [len(allowed), others]),
        bounds=Bounds([float(pair in kept) for pair in allowed] + [0.0] * others, upper),
        constraints=LinearConstraint(
            coo_array(cells, shape=shape).tocsr(),
            [*wanted, *(0 for _ in capacity)],
            [*wanted, *capacity.values()],
        ),
    )
    chosen = cast("Sequence[float]", result.x)
    return [pair for pair, value in zip(allowed, chosen, strict=False) if value > 0.5]


def constraint_cells(
    allowed: Sequence[Pair], *, needed: Mapping[str, int], judges: Sequence[str], segments: int
) -> tuple[tuple[list[float], tuple[list[int], list[int]]], tuple[int, int]]:
    """Lay out the constraints as a sparse matrix: values, (rows, columns), and the shape.

    Rows: per entry its readings and what stays unread; per judge the load less its segments;
    per judge the load alone. Columns: the pairs, the unread, the segments judge by judge.
    """
    entry_row = {entry: row for row, entry in enumerate(needed)}
    judge_row = {judge: row for row, judge in enumerate(judges, start=len(needed))}
    rows = [
        row
        for judge, entry in allowed
        for row in (entry_row[entry], judge_row[judge], judge_row[judge] + len(judges))
    ]
    columns = [column for column in range(len(allowed)) for _ in range(3)]
    rows += [row for row, count in enumerate(needed.values()) for _ in range(count)]
    rows += [judge_row[judge] for judge in judges for _ in range(segments)]
    width = len(allowed) + sum(needed.values()) + len(judges) * segments
    columns += range(len(allowed), width)
    values = [1.0] * (len(rows) - len(judges) * segments) + [-1.0] * (len(judges) * segments)
    return (values, (rows, columns)), (len(needed) + 2 * len(judges), width)


def load_segments(*, total: int, judges: int) -> list[tuple[int, float]]:
    """Widths and rising prices of a judge's load; rising prices make even loads the cheapest."""
    mean = math.floor(total / judges)
    free = max(0, mean - SPREAD)
    steps = [(1, LOAD_COST * step) for step in range(1, 2 * SPREAD + 1)]
    return [(free, 0.0), *steps, (total, LOAD_COST * (2 * SPREAD + 1))]
