from __future__ import annotations

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from accounts.audit import trail_of
from accounts.models import Message, Unit, User
from competitions import queries, services
from competitions.models import Attendee, Competition, Material, Workshop
from competitions.roles import load_actor
from competitions.workflow import CompetitionStatus
from tests import make


@pytest.fixture
def competition() -> Competition:
    return make.competition()


@pytest.fixture
def unit(competition: Competition) -> Unit:
    return make.unit(parent=competition.host)


def sign_up(
    workshop: Workshop, unit: Unit, name: str = "Dra. Sri, M.Si.", *, by: User | None = None
) -> Attendee:
    return services.sign_up(workshop, unit=unit, full_name=name, by=by or make.user(), at=make.NOON)


@pytest.mark.django_db
def test_seat_is_taken_recorded_and_confirmed(competition: Competition, unit: Unit) -> None:
    by = make.user()

    attendee = sign_up(make.workshop(competition), unit, "  Dra. Sri,   M.Si. ", by=by)

    assert attendee.full_name == "Dra. Sri, M.Si."
    assert len(attendee.ticket) >= 16
    assert trail_of(competition).get().action == "workshop.signed_up"
    assert f"/lokakarya/tiket/{attendee.ticket}/" in Message.objects.get(recipient=by).text


@pytest.mark.django_db
def test_seats_of_the_room_and_of_the_unit_run_out(competition: Competition, unit: Unit) -> None:
    workshop = make.workshop(competition, seats=3, seats_per_unit=2)
    sign_up(workshop, unit, "A")
    sign_up(workshop, unit, "B")

    with pytest.raises(ValidationError) as caught:
        sign_up(workshop, unit, "C")
    assert caught.value.code == "unit_full"
    sign_up(workshop, competition.host, "D")
    with pytest.raises(ValidationError) as caught:
        sign_up(workshop, make.unit(parent=competition.host), "E")
    assert caught.value.code == "full"


@pytest.mark.django_db
def test_person_signs_up_once(competition: Competition, unit: Unit) -> None:
    workshop = make.workshop(competition)
    sign_up(workshop, unit)

    with pytest.raises(ValidationError):
        sign_up(workshop, unit)
    assert workshop.attendees.count() == 1


@pytest.mark.django_db
def test_sign_up_closes_with_the_workshop_and_outside_publication(
    competition: Competition, unit: Unit
) -> None:
    workshop = make.workshop(competition)
    with pytest.raises(ValidationError) as caught:
        services.sign_up(
            workshop, unit=unit, full_name="A", by=make.user(), at=workshop.round.ends_at
        )
    assert caught.value.code == "closed"

    Competition.objects.update(status=CompetitionStatus.DRAFT)
    with pytest.raises(ValidationError) as caught:
        sign_up(workshop, unit)
    assert caught.value.code == "closed"


@pytest.mark.django_db
def test_unit_of_another_host_is_refused(competition: Competition) -> None:
    with pytest.raises(ValidationError) as caught:
        sign_up(make.workshop(competition), make.unit())
    assert caught.value.code == "foreign_unit"


@pytest.mark.django_db(transaction=True)
def test_last_seat_goes_to_one_of_two_tabs(competition: Competition) -> None:
    workshop = make.workshop(competition, seats=1)
    units = [make.unit(parent=competition.host) for _ in range(2)]
    by = make.user()
    barrier = threading.Barrier(2)
    outcomes: list[str] = []

    def race(unit: Unit) -> None:
        barrier.wait(timeout=5)
        try:
            sign_up(workshop, unit, by=by)
        except ValidationError as error:
            outcomes.append(str(error.code))
        else:
            outcomes.append("seated")
        connection.close()

    threads = [threading.Thread(target=race, args=[unit]) for unit in units]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)

    assert sorted(outcomes) == ["full", "seated"]
    assert Attendee.objects.count() == 1


@pytest.mark.django_db
def test_seat_is_given_back_until_the_person_came(competition: Competition, unit: Unit) -> None:
    workshop = make.workshop(competition)
    by = make.user()
    gone, here = sign_up(workshop, unit, "A"), sign_up(workshop, unit, "B")
    services.mark_attended(here, by=by, at=make.NOON)

    services.cancel_sign_up(gone, by=by, at=make.NOON)
    with pytest.raises(ValidationError) as caught:
        services.cancel_sign_up(here, by=by, at=make.NOON)

    assert caught.value.code == "stale"
    assert list(workshop.attendees.all()) == [here]


@pytest.mark.django_db
def test_attendance_is_marked_once_and_undone(competition: Competition, unit: Unit) -> None:
    attendee = sign_up(make.workshop(competition), unit)
    by = make.user()

    assert services.mark_attended(attendee, by=by, at=make.NOON)
    assert not services.mark_attended(attendee, by=make.user(), at=make.NOON + make.DAY)
    attendee.refresh_from_db()
    assert (attendee.attended_at, attendee.marked_by) == (make.NOON, by)
    services.unmark_attended(attendee, by=by, at=make.NOON)
    services.unmark_attended(attendee, by=by, at=make.NOON)

    attendee.refresh_from_db()
    assert attendee.attended_at is None
    assert [entry.action for entry in trail_of(competition)] == [
        "workshop.signed_up",
        "workshop.attended",
        "workshop.attendance_undone",
    ]


@pytest.mark.django_db
def test_material_is_a_file_or_a_link(competition: Competition) -> None:
    workshop = make.workshop(competition)
    link = Material(workshop=workshop, title="Bahan", url="https://example.org/a")

    services.add_material(link, by=make.user(), at=make.NOON)
    with pytest.raises(ValidationError):
        services.add_material(
            Material(workshop=workshop, title="Bahan"), by=make.user(), at=make.NOON
        )
    services.remove_material(link, by=make.user(), at=make.NOON)

    assert not Material.objects.exists()


@pytest.mark.django_db
def test_invited_are_people_of_units_that_nobody_signed_up(competition: Competition) -> None:
    workshop = make.workshop(competition)
    waiting, going, foreign = (make.user() for _ in range(3))
    unit, other = make.unit(parent=competition.host), make.unit(parent=competition.host)
    make.membership(waiting, unit)
    make.membership(waiting, unit, "endorser")
    make.membership(going, other)
    make.membership(foreign, make.unit())
    sign_up(workshop, other)

    assert queries.invited_without_signup(workshop, at=make.NOON) == (
        queries.Invited(waiting, unit, make.NOON),
    )


@pytest.mark.django_db
def test_attendees_are_seen_by_committee_and_own_unit(competition: Competition, unit: Unit) -> None:
    workshop = make.workshop(competition)
    own, other = sign_up(workshop, unit), sign_up(workshop, make.unit(parent=competition.host))
    organizer, endorser, stranger = (make.user() for _ in range(3))
    make.seat(organizer, competition)
    make.membership(endorser, unit, "endorser")

    def seen(person: User) -> set[Attendee]:
        return set(queries.attendees_visible_to(load_actor(person), workshop))

    assert seen(organizer) == {own, other}
    assert seen(endorser) == {own}
    assert seen(stranger) == set()


@pytest.mark.django_db
def test_seats_are_never_fewer_than_the_people_who_have_one(
    competition: Competition, unit: Unit
) -> None:
    workshop, by = make.workshop(competition, seats=3), make.user()
    for name in ("A", "B"):
        sign_up(workshop, unit, name)

    workshop.seats = 1
    with pytest.raises(ValidationError) as caught:
        services.change_part(workshop, by=by, at=make.NOON, version=workshop.version)
    workshop.seats = 2
    services.change_part(workshop, by=by, at=make.NOON, version=workshop.version)

    assert caught.value.message_dict == {
        "seats": ["2 people are signed up already. Give at least as many seats."]
    }
    assert Workshop.objects.get().seats == 2
