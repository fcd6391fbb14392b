"""`make bench-judging`: how many of the truly best a way of judging finds, on synthetic editions.

Method: docs/performance.md. Everything is drawn from the seed of its edition.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import fmean

import numpy as np

from judging.calibration import chances_of_top, fit_additive, least_certain, table_of
from judging.calibration.additive import why_not

JUDGES, ENTRIES, TOP, READINGS = 12, 260, 45, 3
# In points of a scale of 100: how entries, judges and single readings differ.
QUALITY, SEVERITY, CHANCE = 10.0, 7.0, 9.0
SCALE = 100.0
EDITIONS = 200
# Two readings and four more of these make as many as three of each.
AGAIN, FURTHER = 65, 4

Cells = Mapping[tuple[str, str], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What nobody sees: every entry's quality, and what each judge would give it."""

    quality: np.ndarray
    would_give: np.ndarray

    @property
    def best(self) -> frozenset[str]:
        return frozenset(top_of({name(at): q for at, q in enumerate(self.quality)}))


def name(entry: int) -> str:
    return f"p{entry:03}"


def make_edition(seed: int) -> Edition:
    drawn = np.random.default_rng(seed)
    quality = drawn.normal(60, QUALITY, ENTRIES)
    severity = drawn.normal(0, SEVERITY, JUDGES)
    noise = drawn.normal(0, CHANCE, (ENTRIES, JUDGES))
    return Edition(quality=quality, would_give=quality[:, None] + severity[None, :] + noise)


def readers_of(seed: int, *, readings: int) -> list[list[int]]:
    """Random readers of each entry, loads as even as they come."""
    drawn = np.random.default_rng([seed, readings])
    loads = np.zeros(JUDGES)
    found = []
    for _entry in range(ENTRIES):
        order = np.lexsort((drawn.random(JUDGES), loads))
        chosen = [int(judge) for judge in order[:readings]]
        loads[chosen] += 1
        found.append(chosen)
    return found


def cells_of(edition: Edition, readers: list[list[int]]) -> Cells:
    return {
        (name(entry), f"j{judge:02}"): float(edition.would_give[entry, judge])
        for entry, own in enumerate(readers)
        for judge in own
    }


def top_of(scores: Mapping[str, float]) -> list[str]:
    return sorted(scores, key=lambda entry: (-scores[entry], entry))[:TOP]


def raw_mean(cells: Cells) -> list[str]:
    sums: dict[str, list[float]] = {}
    for (entry, _judge), value in cells.items():
        sums.setdefault(entry, []).append(value)
    return top_of({entry: fmean(values) for entry, values in sums.items()})


def additive(cells: Cells) -> list[str]:
    """As the law does: the raw mean where the gate refuses."""
    table = table_of(cells)
    fit = fit_additive(table)
    if fit is None or why_not(table, fit, scale=SCALE):
        return raw_mean(cells)
    return top_of(fit.corrected)


def looked_again(edition: Edition, *, seed: int) -> Cells:
    """Two readings each, then four more of the 65 least certain."""
    readers = readers_of(seed, readings=2)
    chances = chances_of_top(table_of(cells_of(edition, readers)), size=TOP, seed=seed)
    drawn = np.random.default_rng([seed, AGAIN])
    for entry in least_certain(chances, count=AGAIN):
        own = readers[int(entry[1:])]
        free = [judge for judge in range(JUDGES) if judge not in own]
        own += [int(judge) for judge in drawn.choice(free, FURTHER, replace=False)]
    return cells_of(edition, readers)


def disjoint(edition: Edition, *, seed: int) -> Cells:
    """Four panels of three that share nothing; the batches differ in strength."""
    drawn = np.random.default_rng([seed, 4])
    order = np.argsort(-(edition.quality + drawn.normal(0, QUALITY, ENTRIES)))
    readers: list[list[int]] = [[] for _entry in range(ENTRIES)]
    for place, entry in enumerate(order):
        panel = place * 4 // ENTRIES
        readers[int(entry)] = [3 * panel, 3 * panel + 1, 3 * panel + 2]
    return cells_of(edition, readers)


def three_random(edition: Edition, *, seed: int) -> Cells:
    return cells_of(edition, readers_of(seed, readings=READINGS))


Way = tuple[str, Callable[..., Cells], Callable[[Cells], list[str]]]
WAYS: tuple[Way, ...] = (
    ("three random readings, raw mean", three_random, raw_mean),
    ("three random readings, additive", three_random, additive),
    ("two readings and a second look, raw mean", looked_again, raw_mean),
    ("two readings and a second look, additive", looked_again, additive),
    ("disjoint unequal panels, raw mean", disjoint, raw_mean),
)


def shares_found(editions: int) -> dict[str, float]:
    """Of the truly best, in percent, on average over the editions."""
    made = [make_edition(seed) for seed in range(editions)]
    return {
        label: fmean(
            100 * len(edition.best.intersection(choose(read(edition, seed=seed)))) / TOP
            for seed, edition in enumerate(made)
        )
        for label, read, choose in WAYS
    }


def refusals(editions: int) -> int:
    """Of so many editions with disjoint panels, how often the gate refuses a correction."""
    refused = 0
    for seed in range(editions):
        table = table_of(disjoint(make_edition(seed), seed=seed))
        refused += bool(why_not(table, fit_additive(table), scale=SCALE))
    return refused


def main() -> int:
    found = shares_found(EDITIONS)
    raw = found[WAYS[0][0]]
    print(f"{JUDGES} judges, {ENTRIES} entries, Top {TOP}; {EDITIONS} editions, seeds from 0")
    for label, share in found.items():
        print(f"{label:<44}{share:6.1f} % {share - raw:+6.1f}")
    gates = refusals(EDITIONS)
    limits = [
        ("additive against the raw mean", found[WAYS[1][0]] - raw, 3.0),
        ("second look, as many readings, against three", found[WAYS[3][0]] - raw, 8.0),
        ("disjoint panels that the gate refuses (%)", 100 * gates / EDITIONS, 100.0),
    ]
    for label, value, least in limits:
        print(f"{label:<46}{value:6.1f} >= {least:g}{'' if value >= least else '  over budget'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
