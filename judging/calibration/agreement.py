"""How far judges agree: Krippendorff's alpha (interval) and the intraclass correlation.

Both take designs in which not every judge reads every entry. Intervals are percentile bootstraps
over entries, with a seed, so that a page shows the same figures each time.

Alpha: K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), interval metric.
ICC: P. E. Shrout and J. L. Fleiss, "Intraclass correlations", Psychological Bulletin 86 (1979),
cases ICC(2,1) and ICC(2,k), from variance components by Henderson's method 3, which on a complete
table are those of the analysis of variance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from judging.calibration.table import Table, parts_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Grid = npt.NDArray[np.float64]

RESAMPLES = 200
# Ends of the interval that holds 95% of the resamples.
LOW, HIGH = 2.5, 97.5
Interval = tuple[float, float]
# Of the largest eigenvalue: below it is the one that is nought but for rounding.
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Components:
    """Variances of quality, severity and chance."""

    entry: float
    judge: float
    chance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """`None` where the design does not say: nobody shares an entry, or nothing varies."""

    alpha: float | None
    alpha_interval: Interval | None
    icc: float | None
    icc_interval: Interval | None
    icc_mean: float | None


def agreement_of(table: Table, *, seed: int) -> Agreement:
    import numpy as np

    held, values = grids_of(table)
    draws = np.random.default_rng(seed).integers(
        0, max(len(table.entries), 1), size=(RESAMPLES, len(table.entries))
    )
    alphas = [_alpha(held[draw], values[draw]) for draw in draws]
    singles = [_single(_components(held[draw], values[draw])) for draw in draws]
    icc = icc_single(table)
    return Agreement(
        alpha=krippendorff_alpha(table),
        alpha_interval=_interval(alphas),
        icc=icc,
        icc_interval=None if icc is None else _interval(singles),
        icc_mean=icc_average(table),
    )


def krippendorff_alpha(table: Table) -> float | None:
    return _alpha(*grids_of(table))


def icc_single(table: Table) -> float | None:
    """ICC(2,1): how much of the variance of one scorecard is the entry's own."""
    return _single(components_of(table))


def icc_average(table: Table) -> float | None:
    """ICC(2,k): the same for the mean of an entry's scorecards; k is their harmonic mean."""
    found = components_of(table)
    if found is None or found.entry + found.judge + found.chance == 0:
        return None
    counts = [len(readings) for readings in table.by_entry]
    readings = len(counts) / sum(1 / count for count in counts)
    return found.entry / (found.entry + (found.judge + found.chance) / readings)


def components_of(table: Table) -> Components | None:
    """None where judges cannot be compared with one another, or nothing is left to estimate."""
    if not table.rows or parts_of(table) > 1:
        return None
    return _components(*grids_of(table))


def grids_of(table: Table) -> tuple[Grid, Grid]:
    """Entries by judges: 1 where there is a value, and the value there."""
    import numpy as np

    held = np.zeros((len(table.entries), len(table.judges)))
    values = np.zeros_like(held)
    for entry, judge, value in table.rows:
        held[entry, judge], values[entry, judge] = 1.0, value
    return held, values


def _alpha(held: Grid, values: Grid) -> float | None:
    counts = held.sum(axis=1)
    paired = counts > 1
    counts, values = counts[paired], values[paired]
    total = counts.sum()
    if total == 0:
        return None
    sums, squares = values.sum(axis=1), (values**2).sum(axis=1)
    observed = ((2 * counts * squares - 2 * sums**2) / (counts - 1)).sum() / total
    expected = (2 * total * squares.sum() - 2 * sums.sum() ** 2) / (total * (total - 1))
    return None if expected <= 1e-12 else float(1 - observed / expected)


def _components(held: Grid, values: Grid) -> Components | None:
    """Reductions in sums of squares, each beside its expectation."""
    import numpy as np

    per_entry, per_judge = held.sum(axis=1), held.sum(axis=0)
    total, entries, judges = held.sum(), len(held), int((per_judge > 0).sum())
    left = total - entries - judges + 1
    if left <= 0 or entries < 2 or judges < 2:
        return None
    centred = np.where(held > 0, values - values.sum() / total, 0.0)
    by_entry, by_judge = centred.sum(axis=1), centred.sum(axis=0)
    severity = by_judge - held.T @ (by_entry / per_entry)
    laplacian = np.diag(per_judge) - held.T @ (held / per_entry[:, None])
    inverse = np.linalg.pinv(laplacian, rcond=ROUNDING, hermitian=True)
    of_judges = float(severity @ inverse @ severity)
    of_entries_alone = float((by_entry**2 / per_entry).sum())
    of_judges_alone = float((by_judge[per_judge > 0] ** 2 / per_judge[per_judge > 0]).sum())
    both = of_entries_alone + of_judges
    chance = (float((centred**2).sum()) - both) / float(left)
    entry = (both - of_judges_alone - (entries - 1) * chance) / (total - judges)
    judge = (of_judges - (judges - 1) * chance) / (total - entries)
    return Components(
        entry=max(float(entry), 0.0), judge=max(float(judge), 0.0), chance=max(chance, 0.0)
    )


def _single(found: Components | None) -> float | None:
    if found is None or found.entry + found.judge + found.chance <= 1e-12:
        return None
    return found.entry / (found.entry + found.judge + found.chance)


def _interval(values: list[float | None]) -> Interval | None:
    import numpy as np

    known = [value for value in values if value is not None]
    if not known:
        return None
    low, high = np.percentile(known, [LOW, HIGH])
    return float(low), float(high)
