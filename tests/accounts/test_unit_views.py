from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Unit
from tests import make
from tests.accounts.place import Place

pytestmark = pytest.mark.django_db


def test_profile_is_saved_or_refused(client: Client) -> None:
    person = make.user("Siti")
    client.force_login(person)
    url = reverse("accounts:profile-edit")
    good = {"full_name": "Dr. Siti", "nip": "", "phone": "0812-3456-7890", "language": "id"}

    saved = client.post(url, good)
    refused = client.post(url, {**good, "full_name": "Typed", "nip": "123"})

    person.refresh_from_db()
    assert (saved.status_code, refused.status_code) == (302, 422)
    assert (person.full_name, person.phone) == ("Dr. Siti", "+6281234567890")
    assert "Typed" in refused.content.decode()
    client.post(url, {**good, "language": "en"})
    assert 'lang="en"' in client.get(url).content.decode()


def test_units_are_entered_changed_moved_and_ended(client: Client, place: Place) -> None:
    client.force_login(make.user(is_staff=True))
    client.post(reverse("accounts:unit-create"), {"name": "Kota Batu", "level": "government"})
    batu = Unit.objects.get(name="Kota Batu")
    below = reverse("accounts:unit-create-below", args=[batu.pk])
    wrong = client.post(below, {"name": "Puskesmas", "level": "service"})
    client.post(below, {"name": "Dinas Batu", "level": "agency", "started_on": "2020-01-02"})
    agency = Unit.objects.get(name="Dinas Batu")
    client.post(reverse("accounts:unit-move", args=[agency.pk]), {"to": place.city.pk})
    into_itself = client.post(reverse("accounts:unit-move", args=[agency.pk]), {"to": agency.pk})
    client.post(
        reverse("accounts:unit-end", args=[agency.pk]),
        {"on": "2026-01-31", "successor": place.agency.pk},
    )
    twice = client.post(reverse("accounts:unit-end", args=[agency.pk]), {"on": "2026-01-31"})
    page = client.get(reverse("accounts:unit-show", args=[agency.pk]))

    agency.refresh_from_db()
    assert (wrong.status_code, into_itself.status_code, twice.status_code) == (422, 422, 422)
    assert (agency.parent, agency.successor) == (place.city, place.agency)
    assert page.context["actions"] == {"see_members", "see_history"}


def test_unit_that_ended_without_a_successor_gets_one_later(client: Client, place: Place) -> None:
    client.force_login(make.user(is_staff=True))
    old, new = make.unit("Dinas Lama", parent=place.city), place.agency
    url = reverse("accounts:unit-end", args=[old.pk])
    client.post(url, {"on": "2026-01-31"})
    shown = client.get(reverse("accounts:unit-show", args=[old.pk])).content.decode()
    form = client.get(url).content.decode()

    missing = client.post(url, {"successor": ""})
    named = client.post(url, {"successor": new.pk})

    old.refresh_from_db()
    assert "Name the successor" in shown
    assert "31 Januari 2026" in shown
    assert 'name="on"' not in form
    assert (missing.status_code, named.status_code, old.successor) == (422, 302, new)
    after = client.get(reverse("accounts:unit-show", args=[old.pk])).content.decode()
    assert "Name the successor" not in after


def test_a_stale_change_is_a_conflict_that_keeps_what_was_typed(
    client: Client, place: Place
) -> None:
    client.force_login(make.user(is_staff=True))
    url = reverse("accounts:unit-change", args=[place.agency.pk])

    first = client.post(url, {"name": "Dinkes A", "version": 1})
    second = client.post(url, {"name": "Dinkes B", "version": 1})

    place.agency.refresh_from_db()
    assert (first.status_code, second.status_code) == (302, 409)
    assert place.agency.name == "Dinkes A"
    assert "Dinkes B" in second.content.decode()


def test_an_endorser_moves_a_unit_within_their_own_government_only(
    client: Client, place: Place
) -> None:
    governor = make.user()
    make.membership(governor, place.city, "endorser")
    other = make.unit("Kota Lain", level="government")
    client.force_login(governor)

    answer = client.post(reverse("accounts:unit-move", args=[place.agency.pk]), {"to": other.pk})

    assert answer.status_code == 422
    assert Unit.objects.get(pk=place.agency.pk).parent == place.city


def test_closing_and_opening_an_account(client: Client, place: Place) -> None:
    admin = make.user(is_staff=True)
    client.force_login(admin)
    close = reverse("accounts:person-deactivate", args=[place.author.pk])
    reopen = reverse("accounts:person-reactivate", args=[place.author.pk])
    reason = {"reason": "Pensiun"}

    codes = [client.post(url, reason).status_code for url in (close, close, reopen, reopen)]
    own = client.post(reverse("accounts:person-deactivate", args=[admin.pk]), reason)

    assert codes == [302, 422, 302, 422]
    assert own.status_code == 403


def test_a_unit_goes_only_where_its_level_and_the_person_may(client: Client, place: Place) -> None:
    governor = make.user()
    make.membership(governor, place.city, "endorser")
    writes_there = make.unit("Kota Lain", level="government")
    make.membership(governor, writes_there, "author")
    client.force_login(governor)
    move = reverse("accounts:unit-move", args=[place.agency.pk])
    sibling = make.unit(parent=place.city)

    assert client.post(move, {"to": writes_there.pk}).status_code == 403
    assert client.post(move, {"to": sibling.pk}).status_code == 422


def test_history_names_whom_it_speaks_of(client: Client, place: Place) -> None:
    client.force_login(place.endorser)

    page = client.get(reverse("accounts:unit-show", args=[place.agency.pk]))

    assert [line.text.rpartition(": ")[2] for line in page.context["history"]] == [
        "new@demo.example"
    ]
