"""What endorsers did beside endorsing: a deputy, an authorisation in advance, and a silence."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from accounts.services import name_deputy
from kipp.demo.content import author_of, load_proposals
from kipp.demo.seeding.diary import Diary
from kipp.demo.seeding.papers import DAY, Desk
from proposals import services
from proposals.services.escalating import escalate_silence

# An agency whose head is away for a fortnight, and a proposal that is still a draft.
LENT, AUTHORISED = "dinsos-p3ap2kb", "ojol-berlian"
AWAY = timedelta(days=14)


def enter_desks(diary: Diary, desk: Desk) -> None:
    end = desk.submission.ends_at
    diary.enter(end - 9 * DAY, partial(lend, desk))
    diary.enter(end - 8 * DAY, partial(authorise, desk))
    diary.enter(end + DAY, tell_of_silence)


def lend(desk: Desk, at: datetime) -> None:
    """To an author of the same agency."""
    unit = desk.cast.units[LENT]
    paper = next(paper for paper in load_proposals() if paper.unit == LENT)
    day = at.astimezone(ZoneInfo(desk.competition.time_zone)).date()
    name_deputy(
        unit,
        user=desk.cast.people[author_of(paper).key],
        first_day=day,
        last_day=day + AWAY,
        by=desk.cast.endorser_of(unit),
        at=at,
    )


def authorise(desk: Desk, at: datetime) -> None:
    endorser = desk.cast.endorser_of(desk.cast.units[LENT])
    services.authorise_submission(desk.proposals[AUTHORISED], by=endorser, at=at)


def tell_of_silence(at: datetime) -> None:
    escalate_silence(at=at)
