from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from accounts import services
from accounts.audit import trail_of
from accounts.models import Unit, User
from competitions.services import seat_person
from tests import make

pytestmark = pytest.mark.django_db
NIP = "19960818 202204 2 001"


@pytest.fixture
def unit() -> Unit:
    return make.unit("Dinas Kesehatan", parent=make.unit(level="government"))


def test_grant_membership_is_once_and_recorded(unit: Unit) -> None:
    person = make.user()
    held = services.grant_membership(person, unit=unit, role="author", by=None, at=make.NOON)

    with pytest.raises(ValidationError):
        services.grant_membership(person, unit=unit, role="author", by=None, at=make.NOON)

    assert [entry.data for entry in trail_of(held)] == [
        {"user": person.pk, "unit": unit.pk, "role": "author"}
    ]


def test_grant_membership_refuses_a_unit_that_ended(unit: Unit) -> None:
    services.end_unit(unit, on=make.NOON.date(), by=None, at=make.NOON)

    with pytest.raises(ValidationError):
        services.grant_membership(make.user(), unit=unit, role="author", by=None, at=make.NOON)


def test_grant_membership_refuses_an_unknown_role(unit: Unit) -> None:
    with pytest.raises(ValidationError):
        services.grant_membership(make.user(), unit=unit, role="king", by=None, at=make.NOON)


def test_end_membership_ends_once_and_may_begin_again(unit: Unit) -> None:
    person = make.user()
    held = services.grant_membership(person, unit=unit, role="author", by=None, at=make.NOON)
    services.end_membership(held, by=None, at=make.NOON, reason="Pindah")

    with pytest.raises(ValidationError):
        services.end_membership(held, by=None, at=make.NOON)
    services.grant_membership(person, unit=unit, role="author", by=None, at=make.NOON)

    assert [(entry.action, entry.reason) for entry in trail_of(held)] == [
        ("membership.granted", ""),
        ("membership.ended", "Pindah"),
    ]
    assert person.memberships.current().count() == 1


def test_register_person_waits_without_a_password_and_is_found_again() -> None:
    person = services.register_person(
        "Siti@Demo.example",
        full_name="Siti",
        nip=NIP,
        phone="0812 3456 7890",
        by=None,
        at=make.NOON,
    )
    again = services.register_person(
        "siti@demo.EXAMPLE", full_name="Another", by=None, at=make.NOON
    )

    assert again == person
    assert (person.email, person.nip, person.phone) == (
        "siti@demo.example",
        "199608182022042001",
        "+6281234567890",
    )
    assert not person.has_usable_password()
    assert [entry.data for entry in trail_of(person)] == [{}]


def test_update_profile_names_the_fields_and_keeps_the_data_out_of_the_trail() -> None:
    person = make.user("Siti")

    services.update_profile(
        person, full_name="Dr. Siti", nip=NIP, phone="", language="id", by=person, at=make.NOON
    )

    person.refresh_from_db()
    assert (person.full_name, person.nip) == ("Dr. Siti", "199608182022042001")
    assert [entry.data for entry in trail_of(person)] == [{"fields": ["full_name", "nip"]}]


def test_update_profile_without_a_change_writes_nothing() -> None:
    person = make.user("Siti")

    services.update_profile(
        person, full_name="Siti", nip="", phone="", language="id", by=person, at=make.NOON
    )

    assert list(trail_of(person)) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"nip": "1234"},
        {"phone": "abc"},
        {"language": "xx"},
        {"full_name": "x" * 151},
        {"full_name": ""},
    ],
)
def test_update_profile_refuses_what_is_wrong(wrong: dict[str, str]) -> None:
    person = make.user("Siti")
    values = {"full_name": "Siti", "nip": "", "phone": "", "language": "id", **wrong}

    with pytest.raises(ValidationError):
        services.update_profile(person, **values, by=person, at=make.NOON)

    assert User.objects.get(pk=person.pk).full_name == "Siti"


def test_deactivate_user_ends_roles_and_invitations(unit: Unit) -> None:
    person, admin = make.user(), make.user(is_staff=True)
    make.membership(person, unit)
    invitation = services.invite_member(
        unit, role="endorser", email=person.email, by=admin, at=make.NOON
    )

    services.deactivate_user(person, by=admin, at=make.NOON, reason="Pensiun")

    invitation.refresh_from_db()
    assert not User.objects.get(pk=person.pk).is_active
    assert person.memberships.current().count() == 0
    assert invitation.state_at(make.NOON) == "revoked"
    assert [(entry.action, entry.reason) for entry in trail_of(person)] == [
        ("user.deactivated", "Pensiun")
    ]


def test_deactivate_and_reactivate_happen_once_each() -> None:
    person = make.user()
    services.deactivate_user(person, by=None, at=make.NOON, reason="a")
    with pytest.raises(ValidationError):
        services.deactivate_user(person, by=None, at=make.NOON, reason="b")
    services.reactivate_user(person, by=None, at=make.NOON, reason="c")
    with pytest.raises(ValidationError):
        services.reactivate_user(person, by=None, at=make.NOON, reason="d")

    assert [entry.reason for entry in trail_of(person)] == ["a", "c"]


def test_require_mfa_is_recorded_once() -> None:
    person = make.user()

    services.require_mfa(person, by=None, at=make.NOON)
    services.require_mfa(person, by=None, at=make.NOON)

    assert User.objects.get(pk=person.pk).must_use_mfa
    assert [entry.action for entry in trail_of(person)] == ["user.mfa_required"]


def test_a_seat_in_a_committee_needs_a_second_factor() -> None:
    competition, chair = make.competition(), make.user()

    seat_person(
        competition, email="a@demo.example", full_name="A", role="organizer", by=chair, at=make.NOON
    )

    assert User.objects.get(email="a@demo.example").must_use_mfa
