"""What the scores say about the judges and about chance. Pure; numpy and scipy where used.

Nothing here decides a rank: the official result is exact arithmetic in `judging.ranking`.
"""

from __future__ import annotations

from judging.calibration.additive import Fit, Refusal, Severity, fit_additive, why_not
from judging.calibration.agreement import (
    Agreement,
    agreement_of,
    icc_average,
    icc_single,
    krippendorff_alpha,
)
from judging.calibration.chance import Chance, chances_of_top, least_certain
from judging.calibration.table import Table, parts_of, table_of

__all__ = [
    "Agreement",
    "Chance",
    "Fit",
    "Refusal",
    "Severity",
    "Table",
    "agreement_of",
    "chances_of_top",
    "fit_additive",
    "icc_average",
    "icc_single",
    "krippendorff_alpha",
    "least_certain",
    "parts_of",
    "table_of",
    "why_not",
]
