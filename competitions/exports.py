"""What leaves the portal about a competition: the calendar feed and the attendance list."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from competitions import queries, timeline
from competitions.models import Attendee, Competition, Round
from kipp.lib import clock
from kipp.lib.calendars import Happening, write_calendar
from kipp.lib.sheets import write_csv


def calendar_of(competition: Competition, *, at: datetime, url: str) -> bytes:
    """The rounds as an ICS feed."""
    rounds = [
        _happening(round_, competition=competition, url=url) for round_ in competition.rounds.all()
    ]
    return write_calendar(rounds, name=competition.name, zone=competition.time_zone, at=at)


def _happening(round_: Round, *, competition: Competition, url: str) -> Happening:
    earlier = timeline.earlier_ends(round_.ends_at, queries.shifts_of(round_))
    return Happening(
        uid=f"round-{round_.pk}@{urlsplit(url).hostname}",
        sequence=round_.version - 1,
        starts_at=round_.starts_at,
        ends_at=round_.ends_at,
        summary=f"{round_.name} - {competition.name}",
        place=round_.workshop.place if hasattr(round_, "workshop") else "",
        note=queries.show_earlier(earlier, zone=competition.time_zone),
        url=url,
    )


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
