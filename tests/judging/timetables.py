"""Timetables as the tests of services and pages need them."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from judging import services
from judging.models import Slot, Timetable
from judging.scheduling import Span
from judging.services import Frame
from tests import make
from tests.judging.field import City, opened
from tests.kept import kept

ZONE = ZoneInfo("Asia/Jakarta")
DAY = make.NOON.astimezone(ZONE).date()


def hours(starts: int, ends: int, *, day: date = DAY) -> Span:
    return Span(*(datetime.combine(day, time(hour), ZONE) for hour in (starts, ends)))


def frame(**fields: object) -> Frame:
    plain: dict[str, object] = {"slot_minutes": 30, "rooms": ["Aula"], "pauses": []}
    plain["days"] = [hours(8, 10)]
    return Frame(**{**plain, **fields})  # type: ignore[arg-type]


def framed(made: City, **fields: object) -> Timetable:
    return services.set_timetable(
        made.stage, frame=frame(**fields), version=0, by=made.organizer, at=make.NOON
    )


def drafted(made: City, **fields: object) -> Timetable:
    table = framed(made, **fields)
    return services.draft_timetable(
        table, version=table.version, by=made.organizer, at=make.NOON, seed=5
    )


def released(made: City, **fields: object) -> Timetable:
    table = drafted(made, **fields)
    return services.release_timetable(table, version=table.version, by=made.chair, at=make.NOON)


@kept
def presenting() -> City:
    """Three teams whose units have an author each, two judges, one slot too many."""
    found = opened(kind="presentation")
    for agency in found.agencies:
        make.membership(make.user(f"Penulis {agency.name}"), agency)
    return found


def slots_of(table: Timetable) -> list[Slot]:
    return list(table.slots.order_by("starts_at", "room"))
