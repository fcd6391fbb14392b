from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import services
from tests import make
from tests.accounts.place import HOSTILE, Place
from tests.accounts.test_receptions import tell

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["accounts:unit-list", "accounts:person-list"])
def test_lists_search_and_stay_calm(client: Client, place: Place, name: str) -> None:
    client.force_login(make.user(is_staff=True))

    assert client.get(reverse(name), {"q": "a", "page": "x"}).status_code == 200
    for text in HOSTILE:
        assert client.get(reverse(name), {"q": text[:5000]}).status_code == 200
    assert client.get(reverse(name), {"q": "tidak ada"}).context["page"].object_list.count() == 0


def count_queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


@pytest.mark.parametrize(
    "name", ["accounts:unit-list", "accounts:person-list", "accounts:unit-show"]
)
def test_lists_ask_the_same_number_of_queries_at_any_length(
    client: Client, place: Place, name: str
) -> None:
    client.force_login(make.user(is_staff=True))
    url = reverse(name, args=[place.city.pk] if name == "accounts:unit-show" else [])
    make.membership(make.user(), place.city)
    services.invite_member(
        place.city, role="author", email="0@demo.example", by=place.author, at=make.NOON
    )
    at_one = count_queries(client, url)
    for number in range(1, 31):
        make.unit(parent=place.city)
        make.membership(make.user(), place.city)
        services.invite_member(
            place.city,
            role="author",
            email=f"{number}@demo.example",
            by=place.author,
            at=make.NOON,
        )

    assert count_queries(client, url) == at_one
    assert at_one <= 12


def test_what_a_person_has_costs_the_same_at_any_length(client: Client, place: Place) -> None:
    person, agency, now = place.endorser, place.agency, timezone.now()
    pages = [reverse("accounts:inbox"), reverse("accounts:unit-deputies", args=[agency.pk])]
    pages.append(reverse("accounts:person-show", args=[person.pk]))
    client.force_login(person)
    counts = []

    for numbers in (range(1), range(1, 30)):
        for number in numbers:
            tell(person, number, status="sent", sent_at=now)
            make.membership(person, make.unit(parent=agency))
            deputy, days = make.user(), {"first_day": now.date()}
            make.membership(deputy, agency)
            days["last_day"] = now.date() + timedelta(days=9)
            services.name_deputy(agency, user=deputy, **days, by=person, at=now)
        counts.append([count_queries(client, page) for page in pages])

    assert counts[0] == counts[1]
    assert max(counts[1]) <= 12
