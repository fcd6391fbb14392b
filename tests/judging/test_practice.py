"""Test mode shows every page of a judge and leaves no row behind."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from judging.models import Stage
from tests import make
from tests.clients import signed_in
from tests.judging.field import City, city, opened

pytestmark = pytest.mark.django_db
FULL = {"version": "1", "nilai-signifikansi": "81", "nilai-kebaruan": "70", "kembali": ["", "on"]}
WRITES = ("INSERT", "UPDATE", "DELETE", "MERGE", "TRUNCATE")


def at(made: City, name: str = "") -> str:
    return reverse(f"judging:practice{name}", args=[made.stage.pk])


def row_counts() -> dict[str, int]:
    """Every table of every app."""
    return {str(model._meta): model._default_manager.count() for model in apps.get_models()}


def play(made: City, client: Client) -> list[int]:
    """Every page and every press of the test mode."""
    answers = [
        client.get(at(made)),
        client.post(at(made)),
        client.get(at(made, "-sheet")),
        client.post(at(made, "-sheet"), FULL),
        client.post(at(made, "-sheet"), {**FULL, "nilai-kebaruan": "1e400"}),
        client.post(at(made, "-submit"), {**FULL, "nilai-kebaruan": ""}),
        client.post(at(made, "-submit"), FULL),
        client.post(at(made, "-recuse"), {"reason": ""}),
        client.post(at(made, "-recuse"), {"reason": "Saudara"}),
    ]
    return [answer.status_code for answer in answers]


def test_no_table_gets_a_row_and_no_row_changes() -> None:
    made = city(judges=1, entries=1)
    clients = [signed_in(made.judges[0]), signed_in(made.organizer)]
    before = row_counts()

    with CaptureQueriesContext(
        connection,
    ) as queries:
        statuses = [play(made, client) for client in clients]

    assert statuses == [[200, 302, 200, 200, 422, 422, 200, 422, 200]] * 2
    assert row_counts() == before
    assert [each["sql"] for each in queries if each["sql"].lstrip().startswith(WRITES)] == []


def test_what_was_typed_is_kept_on_the_page_and_the_total_follows_the_law() -> None:
    made = city(judges=1, entries=1)
    client = signed_in(made.judges[0])

    saved = client.post(at(made, "-sheet"), FULL).content.decode()
    done = client.post(at(made, "-submit"), FULL)

    assert 'value="81"' in saved
    assert float(done.context["total"]) == 76.6


def test_law_in_the_making_gives_no_total() -> None:
    made = city(judges=1, entries=1)
    made.stage.criteria.filter(key="kebaruan").update(weight=30)

    done = signed_in(made.chair).post(at(made, "-submit"), FULL)

    assert (done.status_code, done.context["total"]) == (200, None)


def test_judges_find_it_before_the_stage_opens_and_strangers_never() -> None:
    made = city(judges=1, entries=1)

    page = signed_in(made.judges[0]).get(reverse("judging:desk"))

    assert list(page.context["coming"]) == [made.stage]
    assert at(made) in page.content.decode()
    assert signed_in(make.user(is_staff=True)).get(at(made)).status_code == 404


def test_sample_is_none_of_the_entries() -> None:
    made = opened(judges=1, entries=1)

    page = signed_in(made.judges[0]).get(at(made, "-sheet")).content.decode()

    assert "Inovasi Dinas 00" not in page
    assert Stage.objects.get().entries.count() == 1
