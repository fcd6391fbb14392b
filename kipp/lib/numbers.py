"""Numbers as people write and read them in Indonesia: 1.234,5."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

from django.core.exceptions import ValidationError
from django.utils.formats import get_format
from django.utils.translation import gettext_lazy as _

from kipp.lib.text import clean_text

# Points only between groups of three, one comma before the decimals; no exponent, NaN or Infinity.
NUMBER = re.compile(r"-?(?:[1-9][0-9]{0,2}(?:\.[0-9]{3})+|[0-9]+)(?:,[0-9]+)?", re.ASCII)
LONGEST = 60
HUNDREDTH = Decimal("0.01")
MINUS = str.maketrans("\u2212\u2013", "--")
TO_INDONESIAN = str.maketrans(",.", ".,")


def parse_number(text: str, *, digits: int, places: int) -> Decimal:
    """The exact number that was typed, with at most so many digits before and after the comma."""
    typed = "".join(clean_text(text[: LONGEST + 1]).split()).translate(MINUS)
    if len(typed) > LONGEST or not NUMBER.fullmatch(typed):
        raise ValidationError(
            _("Write only the number, with a comma before the decimals: 1.234,5."), code="number"
        )
    whole, _comma, decimals = typed.replace(".", "").partition(",")
    if len(whole.lstrip("-0")) > digits or len(decimals.rstrip("0")) > places:
        raise ValidationError(
            _("At most %(digits)d digits before the comma and %(places)d after it."),
            code="number_long",
            params={"digits": digits, "places": places},
        )
    return Decimal(f"{whole}.{decimals or '0'}")


def show_number(value: Decimal) -> str:
    """1234.50 is read as 1.234,5."""
    return f"{Decimal(plain_number(value)):,f}".translate(TO_INDONESIAN)


def hundredths() -> Callable[[Decimal], str]:
    """Two decimals with the mark of the language, halves away from zero: 88.125 is 88,13.

    The mark is asked for once, for a whole list.
    """
    mark = get_format("DECIMAL_SEPARATOR")
    return lambda value: f"{value.quantize(HUNDREDTH, ROUND_HALF_UP):f}".replace(".", mark)


def plain_number(value: Decimal) -> str:
    """One text per number: no exponent, no trailing zeros, no minus before zero."""
    return f"{value.normalize():f}" if value else "0"
