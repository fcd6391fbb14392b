"""A saver who waits for a lock longer than the limit loses nothing and is told so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from html import unescape

import pytest
import structlog
from django.db import OperationalError, connection
from django.test import Client, RequestFactory
from pytest_django import Settings

from judging import services
from judging.models import Assignment
from judging.services.locks import QUEUE
from kipp.lib.web import typed_fields
from kipp.middleware import BusyMiddleware, LogMiddleware
from tests import make
from tests.clients import signed_in
from tests.judging.field import opened
from tests.judging.test_desk import typed, url

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def held(statement: str, *values: int) -> Iterator[None]:
    """Somebody else locks, on a connection of their own, and we wait but a moment."""
    other = connection.copy()
    other.set_autocommit(False)
    try:
        with other.cursor() as cursor:
            cursor.execute(statement, values)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
        yield
    finally:
        other.close()
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")


def closing(sheet: Assignment) -> AbstractContextManager[None]:
    return held("SELECT pg_advisory_xact_lock(%s, %s)", QUEUE, sheet.entry.stage_id)


def waiting_sheet() -> tuple[Client, Assignment]:
    made = opened()
    sheet = made.sheet(made.judges[0], 0)
    services.declare_no_conflict(sheet, by=made.judges[0], at=make.NOON)
    return signed_in(made.judges[0]), sheet


def kept(page: str) -> dict[str, str]:
    """The fields that the page's button sends again, as a browser reads them."""
    fields = re.findall(r'<textarea name="([^"]+)" hidden>\n([^<]*)</textarea>', page)
    return {name: unescape(value) for name, value in fields}


def test_saver_who_waits_too_long_gets_the_text_back_and_sends_it_again() -> None:
    client, sheet = waiting_sheet()
    form = typed(sheet, "80", "70", comment="Baris satu\n<b>Baris dua</b>")

    with closing(sheet):
        page = client.post(url("sheet-save-next", sheet), form)

    text = page.content.decode()
    assert page.status_code == 503
    assert page.headers["Retry-After"] == "5"
    assert f'action="{url("sheet-save-next", sheet)}"' in text
    assert "Baris satu<br>&lt;b&gt;Baris dua&lt;/b&gt;" in text
    assert sheet.scores.count() == 0
    assert kept(text) == form
    again = client.post(url("sheet-save-next", sheet), kept(text))
    assert again.status_code == 302
    assert sheet.scores.count() == 2


def test_autosave_that_waits_too_long_answers_json() -> None:
    client, sheet = waiting_sheet()

    with closing(sheet):
        reply = client.post(
            url("sheet-autosave", sheet),
            typed(sheet, "80", "70"),
            headers={"Accept": "application/json"},
        )

    assert reply.status_code == 503
    assert reply.json() == {"error": "We are busy for a moment. Nothing was saved; try again."}
    assert sheet.scores.count() == 0


def test_page_that_waits_too_long_offers_to_try_again() -> None:
    client, sheet = waiting_sheet()

    with held("LOCK TABLE judging_assignment IN ACCESS EXCLUSIVE MODE"):
        page = client.get(url("sheet", sheet))

    assert page.status_code == 503
    assert f'href="{url("sheet", sheet)}"' in page.content.decode()


def test_other_errors_of_the_database_are_still_errors() -> None:
    busy = BusyMiddleware(lambda _request: None)  # type: ignore[arg-type, return-value]
    request = RequestFactory().post("/", {})

    assert busy.process_exception(request, OperationalError("gone")) is None
    assert busy.process_exception(request, ValueError("ours")) is None


def test_secrets_are_not_written_into_the_page() -> None:
    secrets = {"password": "rahasia", "password_again": "rahasia", "code": "123456"}
    sent = {"email": "a@b.example", **secrets, "reason_code": "A1"}

    assert typed_fields(RequestFactory().post("/", sent)) == [
        ("email", "a@b.example"),
        ("reason_code", "A1"),
    ]


@pytest.mark.parametrize(
    ("proxies", "passed", "logged"),
    [
        (0, "6.6.6.6", "127.0.0.1"),  # anybody may write the header
        (1, "6.6.6.6, 36.80.1.2", "36.80.1.2"),
        (2, "36.80.1.2", "127.0.0.1"),  # asked past the proxies
        (1, "", "127.0.0.1"),
    ],
)
def test_log_names_the_address_that_the_own_proxies_saw(
    settings: Settings, proxies: int, passed: str, logged: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", headers={"X-Forwarded-For": passed})

    with structlog.contextvars.bound_contextvars(ip=""):
        LogMiddleware.bind_ip(request)
        assert structlog.contextvars.get_contextvars()["ip"] == logged
