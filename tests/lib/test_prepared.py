from __future__ import annotations

from threading import Thread

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from competitions.models import Competition, Round
from competitions.queries.pages import competition_called
from kipp.lib.prepared import Prepared, given
from tests import make

pytestmark = pytest.mark.django_db

NAMES = Prepared(
    lambda: Competition.objects.filter(year=given("year")).order_by("name").values_list("name")
)


def test_answers_are_those_of_the_moment() -> None:
    assert NAMES.ask(year=2026) == []

    make.competition(name="Air", slug="air", year=2026)
    make.competition(name="Lain", slug="lain", year=2025)

    assert [NAMES.ask(year=year) for year in (2026, 2025)] == [[("Air",)], [("Lain",)]]


def test_a_query_in_a_query_and_a_hostile_value() -> None:
    held = make.competition(name="Air", slug="air")
    called = Competition.objects.filter(name=given("name"))
    rounds = Prepared(lambda: Round.objects.filter(competition__in=called).order_by("pk"))

    assert rounds.ask(name="Air") == list(Round.objects.filter(competition=held).order_by("pk"))
    assert rounds.ask(name="%s' OR '1'='1") == []


def test_models_come_with_what_was_joined(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    held = make.competition(slug="air")
    competition_called("air")

    with django_assert_num_queries(1):
        found = competition_called("air")
        host = found.host if found else None

    assert (found, host) == (held, held.host)
    assert competition_called("api") is None


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_by_its_own_connection() -> None:
    make.competition(slug="air", name="Air", year=2026)
    NAMES.ask(year=2026)
    seen: list[list[tuple[str]]] = []

    def ask() -> None:
        seen.append(NAMES.ask(year=2026))
        connection.close()

    thread = Thread(target=ask)
    thread.start()
    thread.join()

    assert seen == [[("Air",)]]


@pytest.mark.django_db(transaction=True)
def test_question_goes_where_the_thread_is_connected_now() -> None:
    """A thread with a running event loop has another connection than it had before."""
    NAMES.ask(year=2026)
    before = connections["default"]
    connections["default"] = before.copy()
    try:
        with CaptureQueriesContext(connections["default"]) as asked:
            NAMES.ask(year=2026)
        connection.close()
    finally:
        connections["default"] = before

    assert len(asked) == 1
