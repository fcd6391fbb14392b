from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from threading import Thread

import pytest
from django.db import DataError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries, Settings

from competitions.models import Competition, Round
from competitions.queries.pages import competition_called
from kipp.lib.prepared import Prepared, Statement, given
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


PATHS = Statement(
    "SELECT slug, name LIKE '%%r' FROM competitions_competition"
    " WHERE year = %(year)s OR (%(slug)s = slug AND year = %(year)s + 1) ORDER BY slug"
)


@pytest.mark.parametrize("keeps_plans", [True, False])
def test_a_statement_answers_alike_with_a_plan_and_without(
    settings: Settings, *, keeps_plans: bool
) -> None:
    settings.DATABASE_PREPARE = keeps_plans
    make.competition(name="Air", slug="air", year=2026)
    make.competition(name="Laut", slug="laut", year=2027)

    assert PATHS.ask(year=2026, slug="laut") == [("air", True), ("laut", False)]
    assert PATHS.ask(year=2026, slug="' OR 1=1 --") == [("air", True)]


def test_a_connection_plans_once() -> None:
    PATHS.ask(year=2026, slug="")
    PATHS.ask(year=2025, slug="")

    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements WHERE name = %s", [PATHS.plan])
        assert cursor.fetchall() == [(PATHS.plan,)]


@pytest.mark.django_db(transaction=True)
def test_a_lost_connection_takes_its_plans_along() -> None:
    make.competition(slug="air", name="Air", year=2026)
    NAMES.ask(year=2026)
    connection.close()

    assert NAMES.ask(year=2026) == [("Air",)]


@pytest.mark.django_db(transaction=True)
def test_what_was_planned_in_a_transaction_outlives_its_end() -> None:
    statement = Statement("SELECT count(*) FROM competitions_competition")
    with suppress(ZeroDivisionError), transaction.atomic():
        assert statement.ask() == [(0,)]
        raise ZeroDivisionError

    assert statement.ask() == [(0,)]


@pytest.fixture
def kept_connection() -> Iterator[int]:
    """A connection that an earlier request has left; the number of its process."""
    connection.close()
    connection.settings_dict["CONN_HEALTH_CHECKS"] = True
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            process = cursor.fetchone()[0]
        connection.close_if_unusable_or_obsolete()
        yield process
    finally:
        connection.settings_dict["CONN_HEALTH_CHECKS"] = False
        connection.close()


def processes_asked() -> list[tuple[int]]:
    return Statement("SELECT pg_backend_pid()").ask()


@pytest.mark.django_db(transaction=True)
def test_first_question_tries_a_kept_connection(
    kept_connection: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    trials: list[str] = []
    monkeypatch.setattr(connection, "is_usable", lambda: trials.append("tried"))

    assert processes_asked() == [(kept_connection,)]
    assert trials == []


@pytest.mark.django_db(transaction=True)
def test_what_a_dead_connection_was_asked_is_asked_again_of_a_new_one(kept_connection: int) -> None:
    end_from_outside(kept_connection)

    [(process,)] = processes_asked()

    assert process != kept_connection


@pytest.mark.django_db(transaction=True)
def test_a_question_that_is_wrong_is_asked_once(kept_connection: int) -> None:
    with pytest.raises(DataError, match="division by zero"):
        Statement("SELECT 1 / 0").ask()

    assert processes_asked() == [(kept_connection,)]


def end_from_outside(process: int) -> None:
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [process])
    other.close()
