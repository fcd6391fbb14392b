"""Text that people paste: cleaned, counted, and read as numbers, the same way everywhere."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Unicode White_Space, spelled out because Python's and JavaScript's own notions differ.
WHITE_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"

_NEW_LINES = re.compile("\r\n|[\n\v\f\r\x85\u2028\u2029]")
_SPACES = re.compile("[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
# Controls, bidirectional marks, zero-width characters, hidden tags and lone surrogates.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff]"
)
_BETWEEN_WORDS = re.compile(f"[{WHITE_SPACE}]+")
_BETWEEN_DIGITS = re.compile(f"[{WHITE_SPACE}.\\-\u2010-\u2015\u2212]+")
_NIP = re.compile("[0-9]{18}")
# In the month's place: the number of a contract employee (PPPK).
_CONTRACT = "21"


def clean_text(text: str) -> str:
    """Text in NFC with plain spaces and newlines and without invisible characters."""
    if "\0" in text:
        raise ValidationError(
            _("The text holds a NUL character. Paste it again as plain text."), code="nul"
        )
    text = _INVISIBLE.sub("", _SPACES.sub(" ", _NEW_LINES.sub("\n", text)))
    return unicodedata.normalize("NFC", text)


def one_line(text: str) -> str:
    """Cleaned, and without line breaks or doubled spaces."""
    return " ".join(clean_text(text).split())


def folded(text: str) -> str:
    """What texts are compared by where letter case and spacing make no difference."""
    return " ".join(text.split()).casefold()


def word_count(text: str) -> int:
    """Count the runs of non-whitespace that hold at least one letter or number.

    The counter in the browser does the same; both read `tests/lib/word_count_cases.json`.
    """
    return sum(map(_is_word, _BETWEEN_WORDS.split(text)))


def _is_word(run: str) -> bool:
    return any(unicodedata.category(character)[0] in "LN" for character in run)


def digits_only(text: str) -> str:
    """Drop what people put between digits: spaces, dots, dashes, invisible characters."""
    return _BETWEEN_DIGITS.sub("", _INVISIBLE.sub("", text))


def check_nip(text: str) -> str:
    """Return the 18 digits of a civil servant's number, or say what is wrong with it.

    Birth date (8), month of appointment (6; a PPPK has 21 for the month), sex (1), serial (3).
    Always a string: as a number a spreadsheet changes its last digits.
    """
    nip = digits_only(text)
    if not _NIP.fullmatch(nip):
        raise ValidationError(_("An NIP has 18 digits. Check the number."), code="nip_length")
    born = _real_date(nip[:8])
    if born is None:
        raise ValidationError(
            _("The first 8 digits of the NIP must be a birth date, such as 19960818."),
            code="nip_birth",
        )
    month = "12" if nip[12:14] == _CONTRACT else nip[12:14]
    appointed = _real_date(f"{nip[8:12]}{month}01")
    if appointed is None or appointed <= born:
        raise ValidationError(
            _("Digits 9 to 14 of the NIP must be a year and month after the birth date."),
            code="nip_appointment",
        )
    if nip[14] not in "12":
        raise ValidationError(_("Digit 15 of the NIP must be 1 or 2."), code="nip_sex")
    return nip


def _real_date(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None
