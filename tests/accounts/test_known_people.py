"""Rows of a sheet that name somebody who has an account already."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts import services
from accounts.exports import EXAMPLES
from accounts.importing import Known, check_people
from accounts.models import User
from accounts.roles import load_member
from kipp.lib.sheets import write_csv
from tests import make
from tests.accounts.test_importing import ADMIN, PEOPLE_HEAD, PLACES, person_with, rows

KNOWN = {"known@demo.example": Known("Dr. Siti, M.Si.", nip="199608182022042001")}


@pytest.mark.parametrize("changes", [{"nama": "Budi"}, {"nip": "19900101 201001 1 001"}])
def test_check_people_refuses_somebody_elses_address(changes: dict[str, str]) -> None:
    refused = (
        "This e-mail belongs to “Dr. Siti, M.Si.”, with another name or NIP. Correct the row;"
        " people change both themselves, under My account."
    )

    line = person_with(email="KNOWN@demo.example", **changes)
    _members, problems = check_people(
        rows(PEOPLE_HEAD, line), PLACES, held=frozenset(), known=KNOWN
    )

    assert [(problem.row, problem.text) for problem in problems] == [(2, refused)]


STAYS = "The account of “Dr. Siti, M.Si.” exists. Its name, NIP and WhatsApp number stay."


@pytest.mark.parametrize(
    ("name", "phone", "note"),
    [
        ("Dr. Siti, M.Si.", "", ""),
        ("SITI, S.Sos.", "", STAYS),
        ("Dr. Siti, M.Si.", "0812 3456 7890", STAYS),
    ],
)
def test_row_of_somebody_known_says_what_it_does_not_change(
    name: str, phone: str, note: str
) -> None:
    line = person_with(email="known@demo.example", nama=name, telepon=phone)

    [member], problems = check_people(
        rows(PEOPLE_HEAD, line), PLACES, held=frozenset(), known=KNOWN
    )

    assert (problems, member.note) == ([], note)


@pytest.mark.django_db
def test_only_people_whom_one_may_see_are_told() -> None:
    """A stranger with the same address is neither named nor told to be there."""
    city = make.unit(level="government")
    services.create_unit(
        name="Dinas Contoh", level="agency", code="X.01", parent=city, by=None, at=make.NOON
    )
    local = make.user()
    make.membership(local, city, "endorser")
    siti = User.objects.create_user("siti@demo.example", None, full_name="Orang Lain")
    content = write_csv(EXAMPLES["people"][0], EXAMPLES["people"][1:2])

    hidden, of_admin = (
        services.inspect_sheet(content, kind="people", member=member)
        for member in (load_member(local), ADMIN)
    )
    make.membership(siti, city)
    seen = services.inspect_sheet(content, kind="people", member=load_member(local))

    assert (hidden.problems, [member.note for member in hidden.members]) == ((), [""])
    assert [problem.row for problem in of_admin.problems] == [2]
    assert seen.problems == of_admin.problems


@pytest.mark.django_db
def test_confirmation_names_the_place_and_the_role_of_each_row(client: Client) -> None:
    city = make.unit(level="government")
    services.create_unit(
        name="Dinas Contoh", level="agency", code="X.01", parent=city, by=None, at=make.NOON
    )
    admin = make.user(is_staff=True)
    content = write_csv(EXAMPLES["people"][0], EXAMPLES["people"][1:2])
    sheet = services.keep_sheet(content, name="a.csv", kind="people", by=admin, at=make.NOON)
    client.force_login(admin)

    page = client.get(reverse("accounts:import-confirm", args=[sheet.pk])).content.decode()

    assert [words in page for words in ("Dinas Contoh", "Endorser")] == [True, True]
