"""The committee opens the year: edition, seats, announcements, workshop."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from accounts.models import Unit, User
from competitions import services
from competitions.models import Announcement, Attendee, Competition, Round, Workshop
from competitions.queries import units_of
from kipp.demo.content import DemoAnnouncement, load_competition
from kipp.demo.seeding.cast import Cast
from kipp.demo.seeding.diary import Diary

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def enter_opening(diary: Diary, cast: Cast, competition: Competition, *, begun: datetime) -> None:
    rounds = {round_.kind: round_ for round_ in competition.rounds.all()}
    workshop = rounds[Round.Kind.WORKSHOP]
    diary.enter(begun + DAY, partial(seat_committee, cast, competition))
    diary.enter(begun + 2 * DAY, partial(publish, cast, competition))
    for announcement in load_competition().announcements:
        moment = rounds[Round.Kind.SUBMISSION].starts_at + announcement.day * DAY + 9 * HOUR
        diary.enter(moment, partial(announce, cast, competition, announcement))
    diary.enter(workshop.starts_at - 5 * DAY, partial(sign_up, cast, workshop))
    diary.enter(workshop.starts_at + HOUR, partial(mark_attendance, cast, workshop))


def seat_committee(cast: Cast, competition: Competition, at: datetime) -> None:
    for role in ("organizer", "chair", "auditor"):
        for person in cast.all_with(role):
            services.seat_person(
                competition,
                email=person.email,
                full_name=person.full_name,
                role=role,
                by=cast.admin,
                at=at,
            )


def publish(cast: Cast, competition: Competition, at: datetime) -> None:
    services.publish_competition(competition, by=cast.first("organizer"), at=at)


def announce(
    cast: Cast, competition: Competition, text: DemoAnnouncement, at: datetime
) -> Announcement:
    return services.announce(
        competition, by=cast.first("organizer"), at=at, title=text.title, body=text.body
    )


def sign_up(cast: Cast, round_: Round, at: datetime) -> None:
    """Two units of three send the person who will write."""
    workshop = Workshop.objects.get(round=round_)
    for index, unit in enumerate(units_of(round_.competition, at=at)):
        if index % 3 and (person := _writer_of(unit)):
            services.sign_up(workshop, unit=unit, full_name=person.full_name, by=person, at=at)


def _writer_of(unit: Unit) -> User | None:
    return User.objects.filter(memberships__unit=unit, memberships__ended_at=None).first()


def mark_attendance(cast: Cast, round_: Round, at: datetime) -> None:
    for index, attendee in enumerate(Attendee.objects.filter(workshop__round=round_)):
        if index % 8:
            services.mark_attended(attendee, by=cast.first("organizer"), at=at)
