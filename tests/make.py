"""Typed builders: what a test needs and nothing else. Time is NOON unless it says otherwise."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count

from accounts.models import Membership, Unit, User
from competitions.models import CommitteeSeat, Competition, Round, Section, Track
from competitions.workflow import CompetitionStatus

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
DAY = timedelta(days=1)
_numbers = count(1)


def user(name: str = "", **fields: object) -> User:
    number = next(_numbers)
    return User.objects.create(
        email=f"person{number}@demo.example",
        full_name=name or f"Person {number}",
        password=str(fields.pop("password", "!")),
        **fields,
    )


def unit(name: str = "", *, parent: Unit | None = None, level: str = "agency") -> Unit:
    made = Unit.objects.create(name=name or f"Unit {next(_numbers)}", parent=parent, level=level)
    made.path = f"{parent.path if parent else '/'}{made.pk}/"
    made.save(update_fields=["path"])
    return made


def membership(person: User, where: Unit, role: str = Membership.Role.AUTHOR) -> Membership:
    return Membership.objects.create(user=person, unit=where, role=role, started_at=NOON)


def competition(*, host: Unit | None = None, **fields: object) -> Competition:
    number = next(_numbers)
    return Competition.objects.create(
        **{
            "slug": f"kipp-{number}",
            "name": f"KIPP {number}",
            "year": 2026,
            "host": host or unit(level="government"),
            "status": CompetitionStatus.PUBLISHED,
            "created_at": NOON,
            **fields,
        }
    )


def seat(
    person: User, where: Competition, role: str = CommitteeSeat.Role.ORGANIZER
) -> CommitteeSeat:
    return CommitteeSeat.objects.create(user=person, competition=where, role=role)


def round_(
    where: Competition,
    kind: str = Round.Kind.SUBMISSION,
    *,
    starts_at: datetime = NOON - 10 * DAY,
    ends_at: datetime = NOON + 10 * DAY,
    key: str = "",
) -> Round:
    return Round.objects.create(
        competition=where,
        kind=kind,
        key=key or kind,
        name=kind,
        starts_at=starts_at,
        ends_at=ends_at,
    )


def track(where: Competition, key: str = "umum") -> Track:
    return Track.objects.create(competition=where, key=key, name=key.title())


def section(where: Track, key: str = "ringkasan", *, word_limit: int = 200) -> Section:
    return Section.objects.create(track=where, key=key, label=key.title(), word_limit=word_limit)
