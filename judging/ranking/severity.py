"""Severity of judges as the law may correct it: least squares in whole numbers, so that anybody
gets the same digits.

total = quality of the entry + severity of the judge + chance; severities add up to nought. Solved
through the judges alone. Where the judges cannot be compared, or not well enough, nothing is
corrected and the reasons are named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from math import lcm

MIN_READINGS = 8
# Of the scale: a severity known worse than this corrects nothing.
MAX_ERROR_SHARE = Fraction(1, 20)
# Totals by judge, of one entry.
Totals = Mapping[str, int]
Matrix = list[list[int]]


class Refusal(StrEnum):
    """Why no correction is made."""

    NOT_CONNECTED = "not_connected"
    FEW_READINGS = "few_readings"
    TOO_UNSURE = "too_unsure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Severities:
    """By judge, as the totals count; empty where `refusals` say why."""

    values: Mapping[str, Fraction] = field(default_factory=dict)
    refusals: tuple[Refusal, ...] = ()


def find_severities(entries: Sequence[Totals], *, scale: Fraction) -> Severities:
    """`scale`: from the lowest to the highest total, in the same units."""
    read = [totals for totals in entries if totals]
    judges = sorted({judge for totals in read for judge in totals})
    readings = sum(map(len, read))
    if not judges or not _is_connected(read, judges):
        return Severities(refusals=(Refusal.NOT_CONNECTED,))
    left = readings - len(read) - len(judges) + 1
    if left < 1:
        return Severities(refusals=(Refusal.TOO_UNSURE,))
    counts = [sum(judge in totals for totals in read) for judge in judges]
    values, spread = _solve(read, judges)
    rest = _rest(read, dict(zip(judges, values, strict=True)))
    limit = (MAX_ERROR_SHARE * scale) ** 2
    checks = {
        Refusal.FEW_READINGS: min(counts) < MIN_READINGS,
        Refusal.TOO_UNSURE: max(spread) * rest / left > limit,
    }
    refusals = tuple(reason for reason, is_met in checks.items() if is_met)
    if refusals:
        return Severities(refusals=refusals)
    return Severities(values=dict(zip(judges, values, strict=True)))


def _is_connected(read: Sequence[Totals], judges: Sequence[str]) -> bool:
    """Whether every judge is tied to every other by entries that both read, or by a chain."""
    leader = {judge: judge for judge in judges}

    def top(judge: str) -> str:
        while leader[judge] != judge:
            judge = leader[judge]
        return judge

    for totals in read:
        first, *others = totals
        for other in others:
            leader[top(other)] = top(first)
    return len({top(judge) for judge in judges}) == 1


def _solve(read: Sequence[Totals], judges: Sequence[str]) -> tuple[list[Fraction], list[Fraction]]:
    """Severities, and for each judge the share of chance's variance in it."""
    common = lcm(*(len(totals) for totals in read))
    seats = {judge: seat for seat, judge in enumerate(judges)}
    last = len(judges) - 1
    left = [[0] * len(judges) for _judge in judges]
    right = [0] * len(judges)
    for totals in read:
        part, whole = common // len(totals), sum(totals.values())
        for judge, total in totals.items():
            seat = seats[judge]
            left[seat][seat] += common
            right[seat] += common * total - part * whole
            for other in totals:
                left[seat][seats[other]] -= part
    # One of them is held at nought: only differences show.
    inverse, under = _inverse([row[:last] for row in left[:last]])
    free = [
        Fraction(sum(a * b for a, b in zip(row, right, strict=False)), under) for row in inverse
    ]
    values = [*free, Fraction(0)]
    centre = sum(values, Fraction(0)) / len(values)
    grid = [[Fraction(common * cell, under) for cell in (*row, 0)] for row in inverse]
    grid.append([Fraction(0)] * len(judges))
    return [value - centre for value in values], _centred_diagonal(grid)


def _centred_diagonal(grid: Sequence[Sequence[Fraction]]) -> list[Fraction]:
    size = len(grid)
    sums = [sum(row, Fraction(0)) for row in grid]
    mean = sum(sums, Fraction(0)) / size**2
    return [grid[at][at] - 2 * sums[at] / size + mean for at in range(size)]


def _inverse(matrix: Matrix) -> tuple[Matrix, int]:
    """The inverse as whole numbers over one: Gauss and Jordan without fractions (Bareiss)."""
    size = len(matrix)
    rows = [[*row, *(int(at == column) for column in range(size))] for at, row in enumerate(matrix)]
    before = 1
    for at in range(size):
        pivot = rows[at]
        for other in range(size):
            if other != at:
                factor = rows[other][at]
                rows[other] = [
                    (pivot[at] * cell - factor * lead) // before
                    for cell, lead in zip(rows[other], pivot, strict=True)
                ]
        before = pivot[at]
    return [row[size:] for row in rows], before


def _rest(read: Sequence[Totals], severity: Mapping[str, Fraction]) -> Fraction:
    """The sum of squares that quality and severity leave to chance."""
    found = Fraction(0)
    for totals in read:
        cleared = [total - severity[judge] for judge, total in totals.items()]
        mean = sum(cleared, Fraction(0)) / len(cleared)
        found += sum(((value - mean) ** 2 for value in cleared), Fraction(0))
    return found
