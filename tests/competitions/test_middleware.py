"""Strangers share public pages, never a moment longer than what they show is true."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from uuid import UUID

import pytest
from django.contrib.messages import INFO
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from competitions import queries, services
from competitions.models import Competition, Workshop
from competitions.requests import Truth
from judging import services as judging
from tests import make, small_year
from tests.small_year import Year

NOWHERE = "redis://127.0.0.1:1/0"
# Frozen before a publication shows them, and shown by it alone: the publication is watched.
FROZEN = {"judging_entry", "judging_ranking", "judging_standing", "proposals_submission"}
TABLE = re.compile(r'(?:FROM|JOIN) "(\w+)"')


@pytest.fixture
def year() -> Year:
    made = small_year.released(at=timezone.now())
    commit()
    return made


def commit() -> None:
    """What the database does at the end of a transaction; a test's own never ends."""
    connection.check_constraints()


def pages_of(year: Year) -> tuple[str, ...]:
    page = f"/kompetisi/{year.competition.slug}/"
    register = "/inovasi-daerah/"
    return "/", page, f"{page}hasil/", register, f"{register}{year.innovation.number}/"


def text_of(client: Client, path: str) -> str:
    return unescape(client.get(path).content.decode())


@pytest.mark.django_db
@pytest.mark.parametrize("number", [0, 1, 2])
def test_second_stranger_costs_one_statement_and_reads_the_same(
    client: Client, year: Year, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    path = pages_of(year)[number]
    made = client.get(path)

    with django_assert_num_queries(1):
        kept = client.get(path)

    assert kept.status_code == 200
    assert kept.content == made.content
    assert kept.headers["Cache-Control"] == made.headers["Cache-Control"] == "no-cache"
    assert "Cookie" in kept.headers["Vary"]
    assert kept.headers["Content-Security-Policy"] == made.headers["Content-Security-Policy"]
    assert not kept.cookies
    assert b"csrfmiddlewaretoken" not in kept.content


@pytest.mark.django_db
def test_shared_page_says_what_time_it_is(client: Client, year: Year) -> None:
    path = pages_of(year)[0]
    client.get(path)
    before = timezone.now()

    timing = client.get(path).headers["Server-Timing"]

    stated = re.fullmatch(r'now;desc="(.+)"', timing)
    assert stated
    assert before <= datetime.fromisoformat(stated[1]) <= timezone.now()


@pytest.mark.django_db
def test_each_language_and_each_way_of_packing_is_a_page_of_its_own(
    client: Client, year: Year
) -> None:
    path = pages_of(year)[0]
    client.get(path)

    english = client.get(path, headers={"Accept-Language": "en"})
    packed = client.get(path, headers={"Accept-Encoding": "gzip"})
    packed_again = client.get(path, headers={"Accept-Encoding": "gzip"})
    plain = client.get(path)

    assert '<html lang="en">' in english.content.decode()
    assert packed_again.content == packed.content
    assert packed_again.headers["Content-Encoding"] == "gzip"
    assert '<html lang="id">' in plain.content.decode()


@pytest.mark.django_db
def test_nothing_of_a_known_person_is_shared(year: Year) -> None:
    """One process, as two people of one worker meet it."""
    client, person = Client(), year.people["organizer"]
    path = pages_of(year)[1]
    client.force_login(person)

    own = text_of(client, path)
    session = client.cookies.pop("sessionid")
    strange = text_of(client, path)
    client.cookies["sessionid"] = session.value
    own_again = client.get(path)

    assert person.email in own
    assert person.email not in strange
    assert person.email in own_again.content.decode()
    assert own_again.headers["Cache-Control"] == "private, no-cache"
    assert "Server-Timing" not in own_again.headers


@pytest.mark.django_db
def test_message_for_one_stranger_is_not_told_to_the_next(year: Year) -> None:
    client, path = Client(), pages_of(year)[0]
    waiting = CookieStorage(RequestFactory().get(path))
    waiting.add(INFO, "Undangan ini sudah dipakai.")
    waiting.update(answer := HttpResponse())
    client.get(path)
    client.cookies["messages"] = answer.cookies["messages"].value

    told, next_one = text_of(client, path), text_of(client, path)

    assert "Undangan ini sudah dipakai." in told
    assert "Undangan ini sudah dipakai." not in next_one


@pytest.mark.django_db
def test_query_strings_fill_no_memory(
    client: Client, year: Year, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/?utm=1")

    with CaptureQueriesContext(connection) as captured:
        client.get("/?utm=1")

    assert len(captured) > 1


MOVES: dict[str, tuple[int, Callable[[Year], object], str]] = {
    "announcement": (
        1,
        lambda y: services.announce(
            y.competition, title="Kabar", body="Isi baru", by=y.people["organizer"], at=y.at
        ),
        "Isi baru",
    ),
    "extension": (
        1,
        lambda y: services.extend_round(
            y.competition.rounds.get(kind="submission"),
            new_ends_at=datetime(2199, 1, 1, tzinfo=UTC),
            reason="Banjir",
            letter_number="005/99/2026",
            by=y.people["organizer"],
            at=y.at,
        ),
        "005/99/2026",
    ),
    "facts": (
        0,
        lambda y: services.change_facts(
            y.competition,
            version=y.competition.version,
            facts={"theme": "Tema yang lain"},
            by=y.people["organizer"],
            at=y.at,
        ),
        "Tema yang lain",
    ),
    "seat": (
        1,
        lambda y: services.sign_up(
            Workshop.objects.get(round__competition=y.competition),
            unit=y.clinic,
            full_name="Budi",
            by=y.people["author"],
            at=y.at,
        ),
        "",
    ),
    "host": (
        1,
        lambda y: type(y.city).objects.filter(pk=y.city.pk).update(name="Kota Baru"),
        "Kota Baru",
    ),
    "withdrawal": (
        2,
        lambda y: judging.withdraw_publication(
            y.publication, reason="Salah SK", by=y.people["chair"], at=y.at
        ),
        "The results were withdrawn",
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", MOVES)
def test_move_is_seen_by_the_very_next_stranger(client: Client, year: Year, name: str) -> None:
    number, move, expected = MOVES[name]
    path = pages_of(year)[number]
    before = text_of(client, path)
    assert text_of(client, path) == before

    move(year)
    commit()

    after = text_of(client, path)
    assert after != before
    assert expected in after
    assert not expected or expected not in before


@pytest.mark.django_db
def test_release_is_seen_by_the_very_next_stranger(client: Client, year: Year) -> None:
    path = pages_of(year)[2]
    by = year.people
    judging.withdraw_publication(year.publication, reason="Salah SK", by=by["chair"], at=year.at)
    stage = year.publication.ranking.stage
    second = judging.propose_publication(
        stage, decree_number="188/2", decree_on=year.at.date(), by=by["organizer"], at=year.at
    )
    commit()
    assert "188/2" not in text_of(client, path)
    assert "188/2" not in text_of(client, path)

    judging.release_publication(second, by=by["chair"], at=year.at)
    commit()

    assert "188/2" in text_of(client, path)


@pytest.mark.django_db
def test_tables_that_public_pages_read_are_watched(
    client: Client, year: Year, settings: Settings
) -> None:
    # A plan's name says nothing of the tables that it reads.
    settings.DATABASE_PREPARE = False
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname='public_stamp'")
        watched = {name for (name,) in cursor.fetchall()}

    with CaptureQueriesContext(connection) as captured:
        for path in pages_of(year):
            client.get(path)

    read = {table for query in captured for table in TABLE.findall(query["sql"])}
    assert {"competitions_round", "judging_publication"} < read
    assert read - {"competitions_publicstamp"} <= watched | FROZEN


@pytest.mark.django_db(transaction=True)
def test_page_made_while_somebody_writes_is_not_kept_beyond_the_commit(client: Client) -> None:
    competition = make.competition(theme="Tema lama")
    path = f"/kompetisi/{competition.slug}/"
    other = connection.copy()
    other.set_autocommit(False)
    try:
        with other.cursor() as cursor:
            cursor.execute("UPDATE competitions_competition SET theme = 'Tema baru'")
        during = [text_of(client, path) for _visit in range(2)]
        other.commit()
        after = text_of(client, path)
    finally:
        other.close()

    assert "Tema lama" in during[0]
    assert during[0] == during[1]
    assert "Tema baru" in after


@pytest.mark.django_db
def test_no_stranger_reads_open_after_the_close(client: Client) -> None:
    competition = make.competition()
    closes_at = timezone.now() + timedelta(seconds=0.5)
    make.round_(competition, starts_at=closes_at - make.DAY, ends_at=closes_at)
    commit()
    path = f"/kompetisi/{competition.slug}/"
    seen: set[bool] = set()

    while timezone.now() < closes_at:
        seen.add("in progress" in text_of(client, path))
    after = text_of(client, path)

    assert True in seen
    assert "in progress" not in after


@pytest.mark.django_db
def test_page_is_true_until_the_next_date_or_midnight_and_a_minute_at_most() -> None:
    competition = make.competition()
    close = make.NOON + timedelta(seconds=30)
    make.extension(make.round_(competition, ends_at=close - make.DAY))
    before_midnight = datetime(2026, 3, 2, 16, 59, 50, tzinfo=UTC)  # 23.59.50 in Jakarta

    assert [
        queries.next_public_change(at)
        for at in (make.NOON - make.DAY / 2, make.NOON, close, before_midnight)
    ] == [
        make.NOON - make.DAY / 2 + timedelta(minutes=1),
        close,
        close + timedelta(minutes=1),
        before_midnight + timedelta(seconds=10),
    ]


def test_page_of_the_hour_to_come_is_no_truth_once_the_clock_was_set_back() -> None:
    minute = timedelta(minutes=1)
    truth = Truth(UUID(int=1), since=make.NOON, until=make.NOON + minute)

    moments = (make.NOON - minute, make.NOON, make.NOON + minute)
    assert [truth.is_of(at) for at in moments] == [False, True, False]


@pytest.mark.django_db
def test_public_pages_need_no_redis(client: Client, year: Year, settings: Settings) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": NOWHERE}}

    answers = [client.get(path).status_code for path in pages_of(year) for _visit in range(2)]

    assert set(answers) == {200}


@pytest.mark.django_db
def test_page_that_nobody_may_see_yet_is_not_kept(client: Client) -> None:
    competition = make.competition(status="draft")
    path = f"/kompetisi/{competition.slug}/"
    assert [client.get(path).status_code for _visit in range(2)] == [404, 404]

    Competition.objects.update(status="published")

    assert client.get(path).status_code == 200


@pytest.mark.django_db
def test_wrong_host_is_refused_as_ever(client: Client, year: Year) -> None:
    client.get("/")

    assert client.get("/", headers={"Host": "elsewhere.example"}).status_code == 400
