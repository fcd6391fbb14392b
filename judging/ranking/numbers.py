"""Exact numbers: Decimal in and out, Fraction between, one rounding where the law says so."""

from __future__ import annotations

from decimal import Context, Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow
from fractions import Fraction
from typing import cast

MAX_PLACES = 9
LIMIT = Decimal(1_000_000_000)
# Sums and products of accepted numbers fit in 80 digits; the trap proves that none was rounded.
EXACT = Context(prec=80, traps=[Inexact, InvalidOperation, DivisionByZero, Overflow])


def is_exact(value: object) -> bool:
    """Accept a finite Decimal from 0 to below a thousand million with at most nine places."""
    if not isinstance(value, Decimal) or not value.is_finite():
        return False
    exponent = cast("int", value.as_tuple().exponent)
    return -MAX_PLACES <= exponent <= MAX_PLACES and 0 <= value < LIMIT


def round_half_up(value: Fraction, step: Decimal) -> Decimal:
    """Find the nearest multiple of the step, halves upward."""
    numerator, denominator = (value / Fraction(step)).as_integer_ratio()
    steps = (2 * numerator + denominator) // (2 * denominator)
    return EXACT.multiply(Decimal(steps), Decimal(plain(step)))


def plain(value: Decimal) -> str:
    """One spelling for one number: no exponent, no trailing zeros, no minus zero."""
    text = format(value.copy_abs() if value.is_zero() else value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text
