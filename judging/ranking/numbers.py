"""Exact numbers: Decimal in and out, whole units and Fraction between, one rounding where the law
says so.

Scores are few numbers that come again and again, so what is known of a number is kept.
"""

from __future__ import annotations

from decimal import Context, Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

MAX_PLACES = 9
# Every accepted number is a whole multiple of one `UNITS`th.
UNITS = 10**MAX_PLACES
KEPT = 1 << 14
LIMIT = Decimal(1_000_000_000)
# Sums and products of accepted numbers fit in 80 digits; the trap proves that none was rounded.
EXACT = Context(prec=80, traps=[Inexact, InvalidOperation, DivisionByZero, Overflow])


def is_exact(value: object) -> bool:
    """Accept a finite Decimal from 0 to below a thousand million with at most nine places."""
    return units_of(value) is not None


def units_of(value: object) -> int | None:
    """The number as a whole count of `UNITS`ths; none for what is not accepted."""
    try:
        return _units(value)
    except TypeError:  # a signalling NaN has no hash, and neither has a list
        return None


@lru_cache(maxsize=KEPT, typed=True)
def _units(value: object) -> int | None:
    if not isinstance(value, Decimal) or not value.is_finite():
        return None
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or not -MAX_PLACES <= exponent <= MAX_PLACES:
        return None
    return int(EXACT.scaleb(value, MAX_PLACES)) if 0 <= value < LIMIT else None


class Step(NamedTuple):
    """What is rounded to, in whole numbers and as it is shown."""

    numerator: int
    denominator: int
    shown: Decimal


def step_of(step: Decimal) -> Step:
    return Step(*step.as_integer_ratio(), Decimal(plain(step)))


def round_half_up(value: Fraction, step: Step) -> Decimal:
    """Find the nearest multiple of the step, halves upward."""
    return round_share(value.numerator, value.denominator, step)


def round_share(over: int, under: int, step: Step) -> Decimal:
    """The same of `over / under`, which need not be in lowest terms."""
    numerator, denominator, shown = step
    part = under * numerator
    return EXACT.multiply(Decimal((2 * over * denominator + part) // (2 * part)), shown)


@lru_cache(maxsize=KEPT)
def plain(value: Decimal) -> str:
    """One spelling for one number: no exponent, no trailing zeros, no minus zero."""
    text = str(value)
    if "E" in text or text[0] == "-":
        text = format(value.copy_abs() if value.is_zero() else value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
