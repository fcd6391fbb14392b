"""How sure a Top-N is: chances by simulation from the posterior of the additive model.

Quality and severity are normal with the variances that the scores show. Severities are drawn from
their joint posterior, then each quality given them: exact, and linear in the entries.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from judging.calibration.agreement import ROUNDING, Components, components_of, grids_of
from judging.calibration.table import Table

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Grid = npt.NDArray[np.float64]

DRAWS = 2000
SURE, HOPELESS = 0.9, 0.1
NOTHING: Mapping[str, float] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """How often an entry was among the best N of the simulated truth."""

    share: float

    @property
    def is_grey(self) -> bool:
        return HOPELESS <= self.share <= SURE


def chances_of_top(
    table: Table, *, size: int, seed: int, carried: Mapping[str, float] = NOTHING
) -> Mapping[str, Chance]:
    """By entry; empty where the design does not let quality be told from chance.

    `carried`: points that earlier stages settled, on this stage's scale. They count as they are.
    """
    found = components_of(table)
    if found is None or found.entry <= 0:
        return {}
    # Judges who differ by the same points everywhere leave no chance, but the dust of rounding.
    if found.chance <= ROUNDING * (found.entry + found.judge):
        return {}
    settled = [carried.get(entry, 0.0) for entry in table.entries]
    best = _best_counts(
        table, found, size=min(size, len(table.entries)), seed=seed, settled=settled
    )
    return {entry: Chance(share=best[at] / DRAWS) for at, entry in enumerate(table.entries)}


def least_certain(chances: Mapping[str, Chance], *, count: int | None) -> list[str]:
    """Those nearest to an even chance, so many of them; without a number the grey zone."""
    ordered = sorted(chances, key=lambda entry: (abs(chances[entry].share - 0.5), entry))
    if count is not None:
        return ordered[:count]
    return [entry for entry in ordered if chances[entry].is_grey]


def _best_counts(
    table: Table, found: Components, *, size: int, seed: int, settled: Sequence[float]
) -> list[int]:
    import numpy as np

    held, values = grids_of(table)
    drawn = np.random.default_rng(seed)
    shrink = held.sum(axis=1) + found.chance / found.entry
    severities = _draw_severities(held, values, found, drawn=drawn, shrink=shrink)
    counts, fixed = np.zeros(len(held), dtype=np.int64), np.array(settled)
    sums, spread = values.sum(axis=1), np.sqrt(found.chance / shrink)
    design = np.column_stack([held.sum(axis=1), held])
    for severity in severities:
        quality = (sums - design @ severity) / shrink
        quality += spread * drawn.standard_normal(len(held)) + fixed
        counts[np.argpartition(-quality, size - 1)[:size]] += 1
    return [int(count) for count in counts]


def _draw_severities(
    held: Grid, values: Grid, found: Components, *, drawn: np.random.Generator, shrink: Grid
) -> Grid:
    """The common mean and the severities, with the qualities integrated out; one row a draw."""
    import numpy as np

    counts, sums = held.sum(axis=1), values.sum(axis=1)
    design = np.column_stack([counts, held])
    whole = np.zeros((design.shape[1], design.shape[1]))
    whole[0, 0] = counts.sum()
    whole[0, 1:] = whole[1:, 0] = held.sum(axis=0)
    whole[1:, 1:] = np.diag(held.sum(axis=0))
    # A variance of nought means that all severities are: they are held there.
    prior = found.chance / max(found.judge, 1e-9 * found.chance)
    whole -= design.T @ (design / shrink[:, None])
    whole += np.diag([0.0, *([prior] * held.shape[1])])
    right = np.concatenate([[values.sum()], values.sum(axis=0)]) - design.T @ (sums / shrink)
    centre = np.linalg.solve(whole, right)
    root = np.linalg.cholesky(np.linalg.inv(whole) * found.chance)
    return np.asarray(centre + drawn.standard_normal((DRAWS, len(centre))) @ root.T)
