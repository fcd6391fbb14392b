"""What one value of an edition file may be. A reader returns the clean value or refuses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext as _

from competitions.statements import check_statement
from judging.ranking import RuleError
from judging.scheduling import parse_pause

Reader = Callable[[object], object]

KEY = re.compile(r"[a-z0-9][a-z0-9_-]*")
SLUG = re.compile(r"[-a-zA-Z0-9_]+")
MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)")
LEAD = re.compile(r"([1-9]\d{0,5})([dhm])")
MINUTES = {"d": 24 * 60, "h": 60, "m": 1}
LONGEST_LEAD = 366 * 24 * 60
LONGEST_TEXT = 100_000


class Refused(ValueError):
    """The sentence says why the value cannot stand there."""


def text(*, limit: int, required: bool = False) -> Reader:
    """One line."""

    def read(value: object) -> str:
        found = _clean(value)
        if "\n" in found:
            raise Refused(_("is one line, without a line break"))
        if required and not found:
            raise Refused(_("is empty"))
        if len(found) > limit:
            raise Refused(_("is longer than %(limit)d characters") % {"limit": limit})
        return found

    return read


def long_text(value: object) -> str:
    found = _clean(value)
    if len(found) > LONGEST_TEXT:
        raise Refused(_("is longer than %(limit)d characters") % {"limit": LONGEST_TEXT})
    return found


def statement(value: object) -> str:
    """The text of a letter, with no other placeholders than those that the portal knows."""
    found = long_text(value)
    try:
        check_statement(found)
    except ValidationError as error:
        raise Refused(error.messages[0]) from error
    return found


def key(value: object) -> str:
    found = _string(value)
    if len(found) > 40 or not KEY.fullmatch(found):
        raise Refused(_("has at most 40 small letters, digits, - and _"))
    return found


def slug(value: object) -> str:
    found = _string(value)
    if len(found) > 60 or not SLUG.fullmatch(found):
        raise Refused(_("has at most 60 letters, digits, - and _"))
    return found


def email(value: object) -> str:
    found = _string(value)
    try:
        validate_email(found)
    except ValidationError as error:
        raise Refused(_("is no e-mail address")) from error
    return found


def link(value: object) -> str:
    found = _string(value)
    try:
        URLValidator(schemes=["http", "https"])(found)
    except ValidationError as error:
        raise Refused(_("is no web address")) from error
    if len(found) > 200:
        raise Refused(_("is longer than %(limit)d characters") % {"limit": 200})
    return found


def boolean(value: object) -> bool:
    if not isinstance(value, bool):
        raise Refused(_("is true or false"))
    return value


def integer(low: int, high: int) -> Reader:
    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise Refused(
                _("is a whole number from %(low)d to %(high)d") % {"low": low, "high": high}
            )
        return value

    return read


def number(low: str, high: str, *, places: int) -> Reader:
    """An exact decimal number; TOML is parsed without floats."""

    def read(value: object) -> Decimal:
        found = _decimal(value)
        if found is None or not Decimal(low) <= found <= Decimal(high):
            raise Refused(_("is a number from %(low)s to %(high)s") % {"low": low, "high": high})
        if found != round(found, places):
            raise Refused(_("has at most %(places)d decimal places") % {"places": places})
        return found

    return read


def choice(values: Collection[str]) -> Reader:
    def read(value: object) -> str:
        if not isinstance(value, str) or value not in values:
            raise Refused(_("is one of: %(values)s") % {"values": ", ".join(values)})
        return value

    return read


def texts(value: object) -> list[str]:
    """A list of short texts, none twice."""
    if not isinstance(value, list):
        raise Refused(_("is a list of texts"))
    found = [text(limit=80, required=True)(item) for item in value]
    if len(set(found)) != len(found):
        raise Refused(_("names something twice"))
    return [str(item) for item in found]


def shares(value: object) -> dict[str, Decimal]:
    """A table of percentages by key; sorted, since the database keeps no order."""
    if not isinstance(value, dict):
        raise Refused(_("is a table of percentages"))
    percent = number("0", "100", places=3)
    return {key(name): _as_decimal(percent(share)) for name, share in sorted(value.items())}


def start(value: object) -> datetime:
    """A local time of the competition's zone."""
    return _moment(value)


def end(value: object) -> datetime:
    """The exclusive end. The end of a day is written 24:00; 23:59 would lose a minute."""
    if isinstance(value, str) and value.strip().endswith("24:00"):
        return _moment(value.replace("24:00", "00:00")) + timedelta(days=1)
    found = _moment(value)
    if (found.hour, found.minute) == (23, 59):
        raise Refused(_("is written 24:00 for the end of the day"))
    return found


def pauses(value: object) -> list[str]:
    """Breaks of a day such as "12:00-13:00"."""
    found = []
    for item in texts(value):
        try:
            found.append(str(parse_pause(item)))
        except RuleError as error:
            raise Refused(_('holds a break that is not like "12:00-13:00"')) from error
    return found


def leads(value: object) -> list[int]:
    """Lead times such as "10d", "3h" or "30m", as minutes, longest first."""
    if not isinstance(value, list):
        raise Refused(_('is a list such as ["10d", "3h"]'))
    found = [_lead(item) for item in value]
    if len(set(found)) != len(found):
        raise Refused(_("names something twice"))
    return sorted(found, reverse=True)


def _lead(value: object) -> int:
    parts = LEAD.fullmatch(value) if isinstance(value, str) else None
    minutes = int(parts[1]) * MINUTES[parts[2]] if parts else 0
    if not 0 < minutes <= LONGEST_LEAD:
        raise Refused(_('holds a lead that is not like "10d", "3h" or "30m"'))
    return minutes


def _moment(value: object) -> datetime:
    if isinstance(value, datetime) and value.tzinfo is None:
        value = value.isoformat()
    parts = MOMENT.fullmatch(value.strip()) if isinstance(value, str) else None
    if parts is None:
        raise Refused(_('is a local time such as "2026-02-28 08:00"'))
    try:
        return datetime.fromisoformat(f"{parts[1]}T{parts[2]}")
    except ValueError as error:
        raise Refused(_("is a day or an hour that does not exist")) from error


def _decimal(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    found = Decimal(value)
    return found if found.is_finite() else None


def _as_decimal(value: object) -> Decimal:
    return Decimal(str(value))


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise Refused(_("is a text in quotes"))
    return value


def _clean(value: object) -> str:
    found = unicodedata.normalize("NFC", _string(value))
    found = found.replace("\r\n", "\n").replace("\r", "\n")
    if any(unicodedata.category(sign) == "Cc" and sign not in "\n\t" for sign in found):
        raise Refused(_("holds a control character"))
    return found.strip()
