"""The two days in the city hall: a wish, a judge who comes late, the draw, the teams."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import partial

from accounts.models import User
from judging import services
from judging.models import Absence, Slot, Stage, Timetable, Wish
from kipp.demo.seeding.diary import Diary

HOUR = timedelta(hours=1)
SEED = 2020


def enter_timetable(diary: Diary, stage: Stage, *, by: User, at: datetime) -> None:
    for timetable in Timetable.objects.filter(stage=stage):
        diary.enter(at + HOUR, partial(draft, timetable, by))
        diary.enter(at + 2 * HOUR, partial(release, diary, timetable, by))


def draft(timetable: Timetable, by: User, at: datetime) -> None:
    """One unit has a morning of immunisation, one judge a meeting on the first morning."""
    first = timetable.days.all()[0]
    busy = timetable.stage.entries.order_by("proposal__title")[0]
    services.add_wish(Wish(entry=busy, want=Wish.Want.NOT_BEFORE, clock=time(13)), by=by, at=at)
    judge = timetable.stage.panel.order_by("user__full_name")[0]
    meeting = Absence(panelist=judge, starts_at=first.starts_at, ends_at=first.starts_at + HOUR)
    services.add_absence(meeting, by=by, at=at)
    services.draft_timetable(timetable, version=timetable.version, by=by, at=at, seed=SEED)


def release(diary: Diary, timetable: Timetable, by: User, at: datetime) -> None:
    timetable.refresh_from_db()
    services.release_timetable(timetable, version=timetable.version, by=by, at=at)
    for slot in timetable.slots.exclude(entry=None):
        diary.enter(slot.starts_at, partial(call, slot, by))
        diary.enter(slot.ends_at - timedelta(minutes=2), partial(finish, slot, by))


def call(slot: Slot, by: User, at: datetime) -> None:
    services.call_team(slot, version=slot.version, by=by, at=at)


def finish(slot: Slot, by: User, at: datetime) -> None:
    services.finish_team(slot, version=slot.version + 1, by=by, at=at)
