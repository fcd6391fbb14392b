"""Happenings as an ICS calendar. One that subscribed moves an event whose date moved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from kipp.lib.late import late

if TYPE_CHECKING:
    import icalendar
else:
    icalendar = late("icalendar")


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """`uid` stays with the happening wherever it moves; `sequence` counts its changes."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    summary: str
    url: str
    place: str = ""
    note: str = ""


def write_calendar(happenings: Iterable[Happening], *, name: str, zone: str, at: datetime) -> bytes:
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//KIPP//Competition calendar//ID")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", zone)
    for each in happenings:
        calendar.add_component(_event(each, at=at))
    return bytes(calendar.to_ical())


def _event(happening: Happening, *, at: datetime) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", happening.uid)
    event.add("sequence", happening.sequence)
    event.add("dtstamp", at)
    event.add("dtstart", happening.starts_at)
    event.add("dtend", happening.ends_at)
    event.add("summary", happening.summary)
    if happening.place:
        event.add("location", happening.place)
    if happening.note:
        event.add("description", happening.note)
    event.add("url", happening.url)
    return event
