from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.audit import trail_of
from accounts.models import Deputy, Membership, Message, Unit, User
from competitions import queries, services
from competitions.models import Competition, Extension, Round
from competitions.services.rounds import OF_ONE_UNIT
from competitions.workflow import CompetitionStatus
from tests import make

pytestmark = pytest.mark.django_db

LATER = make.NOON + 12 * make.DAY
LATEST = make.NOON + 14 * make.DAY


@dataclass
class Year:
    competition: Competition
    round: Round
    organizer: User
    agency: Unit
    service: Unit
    other: Unit
    author: User
    endorser: User
    stranger: User


@pytest.fixture
def year() -> Year:
    competition = make.competition()
    agency = make.unit(parent=competition.host)
    service, other = make.unit(parent=agency), make.unit(parent=competition.host)
    organizer, author, endorser, stranger = (make.user() for _ in range(4))
    make.seat(organizer, competition)
    make.membership(author, service)
    make.membership(endorser, agency, Membership.Role.ENDORSER)
    make.membership(stranger, other)
    return Year(
        competition,
        make.round_(competition),
        organizer,
        agency,
        service,
        other,
        author,
        endorser,
        stranger,
    )


def extend(
    year: Year, *, to: datetime = LATER, unit: Unit | None = None, at: datetime = make.NOON
) -> Extension:
    return services.extend_round(
        year.round,
        by=year.organizer,
        at=at,
        new_ends_at=to,
        reason="Pemeliharaan server",
        letter_number="005/12/2026",
        unit=unit,
    )


def told() -> set[str]:
    return set(Message.objects.values_list("to_email", flat=True))


def test_extension_for_all_moves_everybodys_end(year: Year) -> None:
    old_end = year.round.ends_at

    extension = extend(year)

    year.round.refresh_from_db()
    assert (year.round.ends_at, year.round.version) == (LATER, 2)
    assert (extension.old_ends_at, extension.new_ends_at) == (old_end, LATER)
    people = (year.organizer, year.author, year.endorser, year.stranger)
    assert told() == {person.email for person in people}


def test_extension_for_a_unit_moves_its_end_alone(year: Year) -> None:
    old_end = year.round.ends_at

    extend(year, unit=year.service)

    year.round.refresh_from_db()
    assert year.round.ends_at == old_end
    assert queries.effective_end(year.round) == old_end
    assert queries.effective_end(year.round, year.service) == LATER
    assert queries.effective_end(year.round, year.agency) == old_end
    assert told() == {year.organizer.email, year.author.email, year.endorser.email}


@pytest.mark.parametrize(("whose", "address"), [("service", "/beranda/"), ("", "/kompetisi/kipp/")])
def test_mail_of_an_extension_leads_to_where_its_reader_sees_the_new_end(
    year: Year, whose: str, address: str
) -> None:
    Competition.objects.update(slug="kipp")
    year.round.competition.refresh_from_db()

    extend(year, unit=getattr(year, whose) if whose else None)

    mail = Message.objects.get(recipient=year.author)
    [link] = re.findall(r"https?://[^/]+(/\S*)", mail.text)
    assert link == address


def test_extension_for_a_unit_tells_who_stands_in_for_its_endorser(year: Year) -> None:
    deputy, now = make.user(), timezone.now()
    make.membership(deputy, year.agency)
    Deputy.objects.create(
        unit=year.agency,
        user=deputy,
        named_by=year.endorser,
        named_at=now,
        starts_at=now - make.DAY,
        ends_at=now + make.DAY,
    )

    extend(year, unit=year.service)

    assert deputy.email in told()


def test_second_extension_starts_from_the_end_in_force(year: Year) -> None:
    extend(year, unit=year.service)

    assert extend(year, to=LATEST, unit=year.service).old_ends_at == LATER


def test_extension_is_recorded_with_its_letter(year: Year) -> None:
    old_end = year.round.ends_at

    extend(year, unit=year.service)

    entry = trail_of(year.competition).get()
    assert (entry.action, entry.actor, entry.reason) == (
        "round.extended",
        year.organizer,
        "Pemeliharaan server",
    )
    assert entry.data == {
        "round": "submission",
        "unit": year.service.pk,
        "letter_number": "005/12/2026",
        "old_ends_at": old_end.isoformat(),
        "new_ends_at": LATER.isoformat(),
    }


def test_mail_says_old_and_new_end_letter_and_reason(year: Year) -> None:
    extend(year)

    text = Message.objects.get(recipient=year.author).text
    for part in (
        "12 Maret 2026 pukul 12.00 WIB",
        "14 Maret 2026 pukul 12.00 WIB (13.00 WITA, 14.00 WIT)",
    ):
        assert part in text
    assert "005/12/2026" in text
    assert "Pemeliharaan server" in text


@pytest.mark.parametrize(
    ("to", "code"),
    [
        (make.NOON + 10 * make.DAY, "not_later"),
        (make.NOON, "not_later"),
        (make.NOON + 10 * make.DAY + timedelta(seconds=1), None),
    ],
)
def test_extension_moves_the_end_forward(year: Year, to: datetime, code: str | None) -> None:
    if code is None:
        assert extend(year, to=to).new_ends_at == to
        return
    with pytest.raises(ValidationError) as caught:
        extend(year, to=to)
    assert caught.value.code == code
    assert told() == set()


def test_extension_into_the_past_is_refused(year: Year) -> None:
    with pytest.raises(ValidationError) as caught:
        extend(year, at=LATER)
    assert caught.value.code == "past"


@pytest.mark.parametrize("status", [CompetitionStatus.DRAFT, CompetitionStatus.ARCHIVED])
def test_only_a_published_competition_is_extended(year: Year, status: str) -> None:
    Competition.objects.filter(pk=year.competition.pk).update(status=status)

    with pytest.raises(ValidationError) as caught:
        extend(year)
    assert caught.value.code == "not_published"


def test_unit_of_another_host_is_refused(year: Year) -> None:
    with pytest.raises(ValidationError) as caught:
        extend(year, unit=make.unit())
    assert caught.value.code == "foreign_unit"


@pytest.mark.parametrize("kind", sorted(set(Round.Kind) - OF_ONE_UNIT))
def test_one_unit_has_no_end_of_its_own_where_none_is_asked_for(year: Year, kind: str) -> None:
    Round.objects.filter(pk=year.round.pk).update(kind=kind)

    with pytest.raises(ValidationError) as caught:
        extend(year, unit=year.service)
    assert (caught.value.code, told()) == ("for_all", set())


def test_reason_and_letter_number_are_required(year: Year) -> None:
    with pytest.raises(ValidationError) as caught:
        services.extend_round(
            year.round,
            by=year.organizer,
            at=make.NOON,
            new_ends_at=LATER,
            reason="",
            letter_number="",
        )
    assert set(caught.value.message_dict) == {"reason", "letter_number"}


def test_people_are_told_once_whatever_they_hold(year: Year) -> None:
    make.membership(year.author, year.agency)
    make.seat(year.author, year.competition)

    extend(year)

    assert Message.objects.filter(recipient=year.author).count() == 1


def test_whom_a_floor_above_names_is_told_too(year: Year) -> None:
    judge, gone = make.user(), make.user(is_active=False)

    services.extend_round(
        year.round,
        by=year.organizer,
        at=make.NOON,
        new_ends_at=LATER,
        reason="Pemeliharaan server",
        letter_number="005/12/2026",
        also_tell=[judge, gone, year.author],
    )

    people = (year.organizer, year.author, year.endorser, year.stranger, judge)
    assert sorted(Message.objects.values_list("to_email", flat=True)) == sorted(
        person.email for person in people
    )
