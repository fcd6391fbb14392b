"""Moments as people in Indonesia read and write them. Pure: the moment is always an argument.

Ends are exclusive: "23.59" is stored as 00.00 of the next day and shown as 23.59 again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

ZONES = {"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"}
MINUTE = timedelta(minutes=1)
# Beyond these a date is a slip of the finger, and arithmetic on it would fail.
YEARS = range(1900, 2200)


@dataclass(frozen=True, slots=True)
class Form:
    """How one language writes moments; a format, not a sentence of the catalogue."""

    months: tuple[str, ...]
    days: tuple[str, ...]
    time: str
    moment: str
    elsewhere: str
    left: tuple[str, str, str, str]


INDONESIAN = Form(
    months=(
        "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September",
        "Oktober", "November", "Desember",
    ),
    days=("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    time="%H.%M",
    moment="{date} pukul {time}",
    elsewhere="{time} tanggal {day}",
    left=("sudah lewat", "hari ini", "besok", "{days} hari lagi"),
)  # fmt: skip
ENGLISH = Form(
    months=(
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ),
    days=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    time="%H:%M",
    moment="{date} at {time}",
    elsewhere="{time} on {day}",
    left=("over", "today", "tomorrow", "{days} days left"),
)  # fmt: skip


def show_date(day: date) -> str:
    """Write 28 Februari 2026."""
    return _date(day, _form())


def show_month(day: date) -> str:
    """Write Februari 2026."""
    return f"{_form().months[day.month - 1]} {day.year}"


def show_period(first: date, last: date) -> str:
    """Write 17-26 November 2026, 9 Oktober - 6 November 2026 or both days whole (en dashes)."""
    form = _form()
    end = _date(last, form)
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{end}"
    start = _day(first, form) if first.year == last.year else _date(first, form)
    return f"{start} – {end}"


def show_weekday(day: date) -> str:
    """Write Sabtu, 28 Februari 2026."""
    form = _form()
    return f"{form.days[day.weekday()]}, {_date(day, form)}"


def show_time(at: datetime, *, zone: str) -> str:
    """Write 10.42 WIB."""
    return _time(at.astimezone(ZoneInfo(zone)), _form())


def show_moment(at: datetime, *, zone: str) -> str:
    """Write 28 Februari 2026 pukul 10.42 WIB."""
    return _moment(at.astimezone(ZoneInfo(zone)), _form())


def show_moment_everywhere(at: datetime, *, zone: str) -> str:
    """Write 28 Februari 2026 pukul 23.59 WIB (00.59 WITA, 01.59 WIT tanggal 1 Maret)."""
    here, form = at.astimezone(ZoneInfo(zone)), _form()
    return f"{_moment(here, form)} ({_elsewhere(here, form)})"


def show_end(ends_at: datetime, *, zone: str) -> str:
    """Like `show_moment` for an exclusive end."""
    return show_moment(last_minute(ends_at, zone=zone), zone=zone)


def show_end_everywhere(ends_at: datetime, *, zone: str) -> str:
    """Like `show_moment_everywhere` for an exclusive end."""
    return show_moment_everywhere(last_minute(ends_at, zone=zone), zone=zone)


def last_minute(ends_at: datetime, *, zone: str) -> datetime:
    """The moment by which people know an end: midnight becomes 23.59 of the day before."""
    if ends_at.astimezone(ZoneInfo(zone)).time() == time.min:
        return ends_at - MINUTE
    return ends_at


def days_left(ends_at: datetime, *, at: datetime, zone: str) -> int:
    """Calendar days until the end's day: 0 on that day, negative once the end has passed."""
    if at >= ends_at:
        return -1
    end = last_minute(ends_at, zone=zone).astimezone(ZoneInfo(zone)).date()
    return (end - at.astimezone(ZoneInfo(zone)).date()).days


def show_days_left(ends_at: datetime, *, at: datetime, zone: str) -> str:
    """Write 10 hari lagi, besok, hari ini, sudah lewat."""
    days = days_left(ends_at, at=at, zone=zone)
    return _form().left[min(days, 2) + 1].format(days=days)


def end_of_day(day: date, *, zone: str) -> datetime:
    """Return the exclusive end of a day in UTC."""
    return local_moment(day + timedelta(days=1), time.min, zone=zone)


def local_moment(day: date, clock: time, *, zone: str) -> datetime:
    return datetime.combine(day, clock, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def parse_moment(text: str, *, zone: str) -> datetime:
    """Read 2026-02-28T23:59, 28-02-2026 23.59, 28/2/2026 pukul 23.59 or 28 Februari 2026 23.59."""
    found = _MOMENT.fullmatch(text.strip().lower())
    if found is None:
        raise _unreadable()
    parts = found.groupdict()
    try:
        day = _parse_day(parts)
        if day.year not in YEARS:
            raise _unreadable()
        clock = time(int(parts["hour"] or 0), int(parts["minute"] or 0), int(parts["second"] or 0))
        return local_moment(day, clock, zone=zone)
    except (ValueError, OverflowError) as error:
        raise _unreadable() from error


def parse_end(text: str, *, zone: str) -> datetime:
    """Read an exclusive end: 23.59 and a day without a time both mean to the end of that day."""
    found = parse_moment(text, zone=zone)
    clock = found.astimezone(ZoneInfo(zone)).time()
    says_time = _MOMENT.fullmatch(text.strip().lower())
    if clock == time(23, 59):
        return found + MINUTE
    if says_time and says_time["hour"] is None:
        return found + timedelta(days=1)
    return found


_MOMENT = re.compile(
    r"(?:(?P<iso_year>\d{4})-(?P<iso_month>\d\d)-(?P<iso_day>\d\d)"
    r"|(?P<day>\d\d?)(?:[-/.](?P<month>\d\d?)[-/.]| +(?P<name>[a-z]+) +)(?P<year>\d{4}))"
    r"(?:(?:t|,? +(?:pukul +|at +)?)(?P<hour>\d\d?)[:.](?P<minute>\d\d)(?:[:.](?P<second>\d\d))?)?",
    re.ASCII,
)
_MONTH_NUMBERS = {
    name.lower(): number
    for form in (INDONESIAN, ENGLISH)
    for number, name in enumerate(form.months, start=1)
}


def _parse_day(parts: dict[str, str | None]) -> date:
    if parts["iso_year"]:
        return date(
            int(parts["iso_year"]), int(parts["iso_month"] or 0), int(parts["iso_day"] or 0)
        )
    month = int(parts["month"] or 0) or _MONTH_NUMBERS.get(parts["name"] or "", 0)
    return date(int(parts["year"] or 0), month, int(parts["day"] or 0))


def _unreadable() -> ValidationError:
    return ValidationError(
        _("Write the date and time like 28-02-2026 23.59."), code="moment_unreadable"
    )


def _form() -> Form:
    return ENGLISH if (get_language() or "").startswith("en") else INDONESIAN


# These take the form that the functions above asked for once: asking costs more than the rest.


def _day(day: date, form: Form) -> str:
    return f"{day.day} {form.months[day.month - 1]}"


def _date(day: date, form: Form) -> str:
    return f"{_day(day, form)} {day.year}"


def _time(local: datetime, form: Form) -> str:
    return f"{local.strftime(form.time)} {local.tzname()}"


def _moment(local: datetime, form: Form) -> str:
    return form.moment.format(date=_date(local.date(), form), time=_time(local, form))


def _elsewhere(here: datetime, form: Form) -> str:
    """The other zones; a date that differs is named once, after the last that it holds for."""
    others = [
        here.astimezone(ZoneInfo(key)) for name, key in ZONES.items() if name != here.tzname()
    ]
    shown = []
    for number, local in enumerate(others):
        text = _time(local, form)
        following = [other.date() for other in others[number + 1 : number + 2]]
        if local.date() != here.date() and following != [local.date()]:
            text = form.elsewhere.format(time=text, day=_day(local.date(), form))
        shown.append(text)
    return ", ".join(shown)
