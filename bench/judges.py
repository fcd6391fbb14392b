"""What is said of judges and chance, at the sizes promised: seconds of one processor."""

from __future__ import annotations

import time
from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from judging.calibration import agreement_of, fit_additive, table_of, why_not
from judging.queries.control import chances_of, totals_of
from judging.ranking import Entry, Law
from judging.ranking.robustness import Change, Variation, effect_of, inside, variations_of

CRITERIA, SCALE, READINGS = 8, 100, 3
# Entries, judges and the cut: a city's edition, and the largest one promised.
CITY, LARGEST = (260, 12, 45), (5_000, 100, 99)


def judges_facts() -> list[tuple[str, float]]:
    return [
        ("calibration of 260 x 12", calibration_seconds(*CITY)),
        ("calibration of 5,000 x 100", calibration_seconds(*LARGEST)),
        ("robustness of 260 x 12", robustness_seconds(*CITY)),
    ]


def law_for(cut: int) -> Law:
    weights = {f"k{number}": Decimal(100) / CRITERIA for number in range(CRITERIA)}
    return Law(weights=weights, scale_min=Decimal(0), scale_max=Decimal(SCALE), advance=cut)


def entries_for(count: int, *, judges: int) -> list[Entry]:
    """Three readings each, of judges who differ, in loads as even as they come."""
    lot = np.random.default_rng(2026)
    quality, severity = lot.normal(60, 10, count), lot.normal(0, 7, judges)
    loads = np.zeros(judges)
    entries = []
    for number in range(count):
        readers = np.lexsort((lot.random(judges), loads))[:READINGS]
        loads[readers] += 1
        drawn = quality[number] + severity[readers, None] + lot.normal(0, 9, (READINGS, CRITERIA))
        values = np.clip(np.rint(drawn), 0, SCALE).astype(int)
        cards = {
            f"J{reader:03}": {f"k{k}": Decimal(int(value)) for k, value in enumerate(row)}
            for reader, row in zip(readers, values, strict=True)
        }
        entries.append(Entry(key=f"P{number:05}", scorecards=cards))
    return entries


def calibration_seconds(count: int, judges: int, cut: int) -> float:
    """All that the control room computes: severity, agreement per criterion, the gate, chances."""
    law, entries = law_for(cut), entries_for(count, judges=judges)
    begun = time.process_time()
    totals = table_of(totals_of(law, entries))
    fit = fit_additive(totals)
    why_not(totals, fit, scale=float(SCALE))
    agreement_of(totals, seed=1)
    for code in law.weights:
        agreement_of(table_of(_cells(entries, code=code)), seed=1)
    chances_of(law, entries, seed=1)
    return time.process_time() - begun


def _cells(entries: Sequence[Entry], *, code: str) -> dict[tuple[str, str], float]:
    return {
        (entry.key, judge): float(card[code])
        for entry in entries
        for judge, card in entry.scorecards.items()
        if card is not None
    }


def robustness_seconds(count: int, judges: int, cut: int) -> float:
    """Every variation of the sheet, as the worker computes it."""
    law, entries = law_for(cut), entries_for(count, judges=judges)
    begun = time.process_time()
    before = inside(law, entries, Variation(Change.NOTHING))
    for each in variations_of(law, entries):
        effect_of(each, before=before, after=inside(law, entries, each))
    return time.process_time() - begun
