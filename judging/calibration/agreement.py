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
class Sums:
    """What every resample adds up: grids of entries by judges, and sums of each entry.

    `pairs` are judges, as places of a matrix, who read the same one of `entries`.
    """

    held: Grid
    values: Grid
    counts: Grid
    sums: Grid
    squares: Grid
    pairs: npt.NDArray[np.int64]
    entries: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """`None` where the design does not say: nobody shares an entry, or nothing varies."""

    alpha: float | None
    alpha_interval: Interval | None
    icc: float | None
    icc_interval: Interval | None
    icc_mean: float | None


def agreement_of(table: Table, *, seed: int) -> Agreement:
    """A resample is how often it holds each entry; all of them are computed together."""
    import numpy as np

    count, sums = len(table.entries), sums_of(table)
    draws = np.random.default_rng(seed).integers(0, max(count, 1), size=(RESAMPLES, count))
    held = np.stack([np.bincount(draw, minlength=count) for draw in draws]).astype(float)
    icc = icc_single(table)
    singles = [] if icc is None else [_single(each) for each in _components(sums, held)]
    return Agreement(
        alpha=krippendorff_alpha(table),
        alpha_interval=_interval(_alphas(sums, held)),
        icc=icc,
        icc_interval=_interval(singles),
        icc_mean=icc_average(table),
    )


def krippendorff_alpha(table: Table) -> float | None:
    return _alphas(sums_of(table), _once_each(table))[0]


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
    return _components(sums_of(table), _once_each(table))[0]


def grids_of(table: Table) -> tuple[Grid, Grid]:
    """Entries by judges: 1 where there is a value, and the value there."""
    import numpy as np

    held = np.zeros((len(table.entries), len(table.judges)))
    values = np.zeros_like(held)
    for entry, judge, value in table.rows:
        held[entry, judge], values[entry, judge] = 1.0, value
    return held, values


def sums_of(table: Table) -> Sums:
    import numpy as np

    held, values = grids_of(table)
    counts = held.sum(axis=1)
    # Differences alone count; near nought their squares lose nothing.
    centred = np.where(held > 0, values - values.sum() / max(held.sum(), 1), 0.0)
    left, right, entries = [], [], []
    for entry, readings in enumerate(table.by_entry):
        for judge, _value in readings:
            left += [judge] * len(readings)
            right += [other for other, _value in readings]
            entries += [entry] * len(readings)
    return Sums(
        held=held,
        values=centred,
        counts=counts,
        sums=centred.sum(axis=1),
        squares=(centred**2).sum(axis=1),
        pairs=np.array(left, dtype=np.int64) * held.shape[1] + np.array(right, dtype=np.int64),
        entries=np.array(entries, dtype=np.int64),
    )


def _once_each(table: Table) -> Grid:
    import numpy as np

    return np.ones((1, len(table.entries)))


def _alphas(of: Sums, draws: Grid) -> list[float | None]:
    """One for each line of `draws`, which says how often it holds each entry."""
    import numpy as np

    paired = of.counts > 1
    draws, counts = draws[:, paired], of.counts[paired]
    sums, squares = of.sums[paired], of.squares[paired]
    totals = draws @ counts
    observed = draws @ ((2 * counts * squares - 2 * sums**2) / (counts - 1))
    expected = 2 * totals * (draws @ squares) - 2 * (draws @ sums) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        apart, far = observed / totals, expected / (totals * (totals - 1))
        alphas = 1 - apart / far
    return [float(alpha) if far[at] > 1e-12 else None for at, alpha in enumerate(alphas)]


def _components(of: Sums, draws: Grid) -> list[Components | None]:
    """Reductions in sums of squares, each beside its expectation; one for each line of `draws`."""
    import numpy as np

    entries = draws.shape[1]
    totals, per_judge = draws @ of.counts, draws @ of.held
    judges = (per_judge > 0).sum(axis=1)
    left = totals - entries - judges + 1
    severity = draws @ of.values - (draws * (of.sums / of.counts)) @ of.held
    around = (draws @ of.sums) ** 2 / totals
    by_judge = draws @ of.values - per_judge * ((draws @ of.sums) / totals)[:, None]
    of_judges_alone = (by_judge**2 / np.where(per_judge > 0, per_judge, 1.0)).sum(axis=1)
    of_judges = _explained(of, draws, per_judge=per_judge, severity=severity)
    both = draws @ (of.sums**2 / of.counts) - around + of_judges
    with np.errstate(divide="ignore", invalid="ignore"):
        chance = (draws @ of.squares - around - both) / left
        entry = (both - of_judges_alone - (entries - 1) * chance) / (totals - judges)
        judge = (of_judges - (judges - 1) * chance) / (totals - entries)
    is_told = (left > 0) & (entries >= 2) & (judges >= 2)
    variances = np.maximum(np.stack([entry, judge, chance], axis=1), 0.0).tolist()
    return [
        Components(entry=e, judge=j, chance=c) if is_told[at] else None
        for at, (e, j, c) in enumerate(variances)
    ]


def _explained(of: Sums, draws: Grid, *, per_judge: Grid, severity: Grid) -> Grid:
    """What judges explain beyond entries; pairs who share no entry cost nothing."""
    import numpy as np

    count = per_judge.shape[1]
    shares = draws / of.counts
    found = np.zeros(len(draws))
    for at, own in enumerate(severity):
        shared = np.bincount(of.pairs, weights=shares[at, of.entries], minlength=count * count)
        laplacian = np.diag(per_judge[at]) - shared.reshape(count, count)
        inverse = np.linalg.pinv(laplacian, rcond=ROUNDING, hermitian=True)
        found[at] = own @ inverse @ own
    return found


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
