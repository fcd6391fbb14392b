from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from accounts.audit import trail_of
from accounts.models import Invitation, Message, User
from competitions import services
from competitions.models import CommitteeSeat
from tests import make

pytestmark = pytest.mark.django_db


def test_new_person_gets_account_invitation_seat_and_mail() -> None:
    competition, chair = make.competition(), make.user()

    seat = services.seat_person(
        competition,
        email="Baru@demo.example",
        full_name="Ir. Baru",
        role="organizer",
        by=chair,
        at=make.NOON,
    )

    person = User.objects.get(email="baru@demo.example")
    assert (seat.user, seat.role) == (person, "organizer")
    assert Invitation.objects.get().user == person
    kinds = set(Message.objects.filter(to_email=person.email).values_list("kind", flat=True))
    assert kinds == {"account_invitation", "competition_seat_given"}
    assert trail_of(competition).get().action == "competition.seat_given"


def test_known_person_takes_the_same_seat_once() -> None:
    competition, person = make.competition(), make.user()

    def seat() -> None:
        services.seat_person(
            competition,
            email=person.email,
            full_name="x",
            role="auditor",
            by=person,
            at=make.NOON,
        )

    seat()
    with pytest.raises(ValidationError):
        seat()
    assert CommitteeSeat.objects.count() == 1


def test_last_chair_stays() -> None:
    competition = make.competition()
    first, organizer = make.user(), make.user()
    seat = make.seat(first, competition, "chair")
    other = make.seat(organizer, competition)

    with pytest.raises(ValidationError) as caught:
        services.unseat_person(seat, by=first, at=make.NOON)
    assert caught.value.code == "last_chair"
    services.unseat_person(other, by=first, at=make.NOON)

    make.seat(make.user(), competition, "chair")
    services.unseat_person(seat, by=first, at=make.NOON)
    assert [entry.action for entry in trail_of(competition)] == ["competition.seat_taken"] * 2
