"""What people copy from letters and chats, brought into one form. Pure: no database, no clock."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kipp.lib.text import check_nip, clean_text, digits_only

PHONE = re.compile(r"\+?[0-9]{8,15}")
BRACKETS = str.maketrans("", "", "()/")


def clean_name(text: str) -> str:
    """One line without doubled spaces."""
    return " ".join(clean_text(text).split())


def clean_nip(text: str) -> str:
    """18 digits, or nothing: many have none."""
    return check_nip(text) if text.strip() else ""


def clean_phone(text: str) -> str:
    """`+62812...`, or nothing: a leading 0 is Indonesia's trunk prefix."""
    digits = digits_only(text).translate(BRACKETS)
    if not digits:
        return ""
    if not PHONE.fullmatch(digits):
        raise ValidationError(
            _("Write the number with 8 to 15 digits, for example 0812 3456 7890."), code="phone"
        )
    if digits.startswith("0"):
        return f"+62{digits[1:]}"
    return digits if digits.startswith("+") else f"+{digits}"
