"""What leaves the portal about a competition: the calendar feed and the attendance list."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from competitions.models import Attendee, Competition, Round
from kipp.lib import clock
from kipp.lib.sheets import write_csv


def calendar_of(competition: Competition, *, at: datetime, url: str) -> bytes:
    """The rounds as an ICS feed. A calendar that subscribed moves an event whose date moved."""
    calendar = Calendar()
    calendar.add("prodid", "-//KIPP//Competition calendar//ID")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", competition.name)
    calendar.add("x-wr-timezone", competition.time_zone)
    for round_ in competition.rounds.all():
        calendar.add_component(_event(round_, competition=competition, at=at, url=url))
    return bytes(calendar.to_ical())


def _event(round_: Round, *, competition: Competition, at: datetime, url: str) -> Event:
    event = Event()
    event.add("uid", f"round-{round_.pk}@{urlsplit(url).hostname}")
    event.add("sequence", round_.version - 1)
    event.add("dtstamp", at)
    event.add("dtstart", round_.starts_at)
    event.add("dtend", round_.ends_at)
    event.add("summary", f"{round_.name} - {competition.name}")
    event.add("url", url)
    return event


def attendance_csv(attendees: Iterable[Attendee], *, zone: str) -> bytes:
    rows = [
        (
            attendee.unit.name,
            attendee.full_name,
            clock.show_moment(attendee.attended_at, zone=zone) if attendee.attended_at else "",
        )
        for attendee in attendees
    ]
    return write_csv([_("Unit"), _("Full name with titles"), _("Attended at")], rows)
