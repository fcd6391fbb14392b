"""Severity of judges: value = mean + quality of the entry + severity of the judge + chance.

Least squares through the judges alone: one matrix of judges by judges, whatever the entries are.
Severities add up to nought; a strict judge has a negative one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

from judging.calibration.agreement import ROUNDING, grids_of
from judging.calibration.table import Table, parts_of, readings_per_judge

MIN_READINGS = 8
# Of the scale: a severity known worse than this corrects nothing.
MAX_ERROR_SHARE = 0.05
CONFIDENCE = 0.975


class Refusal(StrEnum):
    """Why no correction is offered."""

    NOT_CONNECTED = "not_connected"
    FEW_READINGS = "few_readings"
    TOO_UNSURE = "too_unsure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Severity:
    judge: str
    value: float
    error: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """`corrected`: an entry's mean as if all its judges were of average severity."""

    severities: tuple[Severity, ...]
    corrected: Mapping[str, float]


def why_not(table: Table, fit: Fit | None, *, scale: float) -> list[Refusal]:
    """The validity gate; empty where a correction may be looked at."""
    if fit is None or parts_of(table) > 1:
        return [Refusal.NOT_CONNECTED]
    checks = {
        Refusal.FEW_READINGS: min(readings_per_judge(table)) < MIN_READINGS,
        Refusal.TOO_UNSURE: max(each.error for each in fit.severities) > MAX_ERROR_SHARE * scale,
    }
    return [reason for reason, is_met in checks.items() if is_met]


def fit_additive(table: Table) -> Fit | None:
    """None where the judges are not connected, or no reading is left to tell chance by."""
    import numpy as np
    from scipy.special import stdtrit

    left = len(table.rows) - len(table.entries) - len(table.judges) + 1
    if not table.rows or left < 1 or parts_of(table) > 1:
        return None
    held, values = grids_of(table)
    counts = held.sum(axis=1)
    means = values.sum(axis=1) / counts
    laplacian = np.diag(held.sum(axis=0)) - held.T @ (held / counts[:, None])
    inverse = np.linalg.pinv(laplacian, rcond=ROUNDING, hermitian=True)
    severity = inverse @ (values.sum(axis=0) - held.T @ means)
    corrected = means - held @ severity / counts
    rest = np.where(held > 0, values - corrected[:, None] - severity[None, :], 0.0)
    chance = float((rest**2).sum()) / left
    reach = float(stdtrit(left, CONFIDENCE))
    return Fit(
        severities=tuple(
            _severity(judge, value=float(severity[at]), of=chance * float(inverse[at, at]), t=reach)
            for at, judge in enumerate(table.judges)
        ),
        corrected={entry: float(corrected[at]) for at, entry in enumerate(table.entries)},
    )


def _severity(judge: str, *, value: float, of: float, t: float) -> Severity:
    """`of`: the variance of the estimate."""
    error = sqrt(max(of, 0.0))
    return Severity(
        judge=judge, value=value, error=error, low=value - t * error, high=value + t * error
    )
