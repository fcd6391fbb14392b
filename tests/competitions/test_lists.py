"""The lists of a competition's committee ask as often for thirty rows as for one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from competitions.models import Announcement, CommitteeSeat, Round, Workshop
from tests import make

pytestmark = pytest.mark.django_db
AT_MOST = 12


def counts(name: str, *, rows: int) -> dict[str, int]:
    """Statements of the second visit; the first one fills what the process keeps."""
    competition = make.competition(name=name, slug=name)
    chair = make.user()
    CommitteeSeat.objects.create(competition=competition, user=chair, role="chair")
    workshop = make.workshop(competition)
    for number in range(rows):
        make.attendee(workshop, unit=make.unit())
        make.seat(make.user(), competition, CommitteeSeat.Role.AUDITOR)
        make.section(make.track(competition, f"t{number}"))
        meeting = make.round_(competition, Round.Kind.WORKSHOP, key=f"w{number}")
        Workshop.objects.create(round=meeting, seats=10, seats_per_unit=2)
        Announcement.objects.create(
            competition=competition,
            title=f"Pengumuman {number}",
            body="Isi.",
            published_at=make.NOON + timedelta(hours=number),
        )
    client = Client()
    client.force_login(chair)
    pages = ["announcement-list", "workshop-list", "seat-list", "setup-overview", "setup-form"]
    urls = {each: reverse(f"competitions:{each}", args=[name]) for each in pages}
    for each in ("attendance-list", "workshop-page"):
        urls[each] = reverse(f"competitions:{each}", args=[name, workshop.pk])
    anew = reverse("competitions:competition-page", args=[name]) + "?anew"
    found = {each: statements_of(client, url) for each, url in urls.items()}
    strangers = {"public": statements_of(Client(), anew), "home": statements_of(Client(), "/?anew")}
    return found | strangers


def statements_of(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_lists_cost_the_same_for_one_row_and_for_thirty() -> None:
    few, many = counts("satu", rows=1), counts("banyak", rows=30)

    assert many == few
    assert {name: count for name, count in many.items() if count > AT_MOST} == {}
