"""Dates that calendars can hold and nobody means."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from proposals.eligibility import add_months
from proposals.models import Proposal
from tests import make
from tests.proposals.scene import Scene, city_scene


@pytest.fixture
def scene(db: None) -> Scene:
    return city_scene()


@pytest.mark.parametrize(
    ("day", "months", "found"),
    [
        (date(9999, 12, 31), 1, date.max),
        (date(2026, 3, 31), -100_000, date.min),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
    ],
)
def test_add_months_stops_at_the_ends_of_the_calendar(day: date, months: int, found: date) -> None:
    assert add_months(day, months) == found


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2101-01-01"])
def test_start_of_an_innovation_is_a_date_of_our_time(scene: Scene, day: str) -> None:
    proposal = scene.draft()
    client = Client()
    client.force_login(scene.author)

    answer = client.post(
        reverse("proposals:header-edit", args=[proposal.pk]),
        {"version": 1, "title": "Judul", "started_on": day},
    )

    assert answer.status_code == 422
    assert "Judul" in answer.content.decode()
    assert Proposal.objects.get().started_on is None


@pytest.mark.parametrize("day", ["9999-12-31", "9999-12-31T23:59", "0001-01-01", "1899-12-31"])
def test_date_for_a_completion_is_one_of_our_time(scene: Scene, day: str) -> None:
    submission = scene.submitted()
    client = Client()
    client.force_login(scene.chair)

    answer = client.post(
        reverse("proposals:screening-page", args=["kipp-2020", submission.proposal_id]),
        {"verdict": "completion", "reasons": ["incomplete"], "due_at": day, "note": "Lampirkan"},
    )

    assert answer.status_code == 422
    assert "Lampirkan" in answer.content.decode()


def test_answer_to_a_page_that_never_was_is_a_conflict(scene: Scene) -> None:
    proposal = make.proposal(scene.clinic, scene.track)
    client = Client()
    client.force_login(scene.author)
    data = {"text": "Teks saya", "version": 5}
    addresses = ["section-edit", "section-autosave"]

    answers = [
        client.post(reverse(f"proposals:{name}", args=[proposal.pk, "ringkasan"]), data)
        for name in addresses
    ]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert "Teks saya" in answers[0].content.decode()
