"""What people copy from letters and chats, brought into one form. Pure: no database, no clock."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kipp.lib.text import check_nip, clean_text, digits_only

PHONE = re.compile(r"\+?[0-9]{8,15}")
BRACKETS = str.maketrans("", "", "()/")


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


# Before and after a name: offices of learning and of pilgrimage, never part of who it is.
TITLES = frozenset(
    {"prof", "dr", "drs", "dra", "drg", "dokter", "ir", "ns", "apt", "bd", "h", "hj", "kh", "r"}
    | {"rr", "rd", "ust", "st", "sp", "se", "sh", "skm", "mm", "msi", "mkes", "mt", "spd"}
    | {"skom", "sked", "sstp", "ssos", "sip", "mpd", "mh", "phd"}
)


def plain_person(name: str) -> str:
    """The name without titles, case and punctuation, to find the same person written otherwise.

    `Dr. Hj. Siti  AMINAH, S.KM., M.Kes` and `siti aminah` are one.
    """
    before_comma = clean_text(name).split(",")[0].casefold()
    words = re.sub(r"[^\w\s]", "", before_comma).split()
    return " ".join(word for word in words if word not in TITLES)


def plain_address(email: str) -> str:
    """Lower case and without what a plus sign adds to a mailbox."""
    mailbox, _at, domain = email.strip().casefold().rpartition("@")
    return f"{mailbox.partition('+')[0]}@{domain}"
