"""The portal is closed: who comes is told so and keeps what was typed; probes get their answer."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import Settings

from accounts.audit import trail_of
from accounts.models import AuditEntry
from competitions.models import Extension, Maintenance, Round
from competitions.services import close_portal, close_portal_anyway, reopen_portal
from kipp import middleware
from kipp.middleware import MaintenanceMiddleware
from tests import make
from tests.kipp.commands import manage
from tests.kipp.test_health import no_database

HOUR = timedelta(hours=1)
NAME = "kipp.middleware.MaintenanceMiddleware"


@pytest.fixture
def asking(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A client of the portal as it runs: each request asks whether it is closed."""
    monkeypatch.setattr(middleware, "LOOK_EVERY", -1)
    place = settings.MIDDLEWARE.index("competitions.middleware.sharing_middleware")
    settings.MIDDLEWARE = [*settings.MIDDLEWARE[:place], NAME, *settings.MIDDLEWARE[place:]]
    return Client(raise_request_exception=False)


@pytest.mark.django_db
def test_every_page_is_closed_and_probes_are_not(asking: Client) -> None:
    person = make.user()
    asking.force_login(person)
    assert asking.get("/beranda/").status_code == 200
    close_portal(at=timezone.now(), expected_at=timezone.now() + HOUR)

    page = asking.get("/beranda/", headers={"accept-language": "en"})
    stranger = Client().get("/")
    probes = [asking.get(path).status_code for path in ("/healthz", "/readyz")]

    assert (page.status_code, stranger.status_code, probes) == (503, 503, [200, 200])
    assert page.headers["Retry-After"] == "300"
    assert page.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Frame-Options"] == "DENY"
    text = page.content.decode()
    assert "The portal is closed for maintenance" in text
    assert "We expect to be back on " in text
    assert "What you typed there is also kept in this browser" in text
    reopen_portal(at=timezone.now() + HOUR)
    assert asking.get("/beranda/").status_code == 200


@pytest.mark.django_db
def test_form_that_comes_meanwhile_can_be_sent_again(settings: Settings, asking: Client) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get("/akun/masuk/")
    token = client.cookies["csrftoken"].value
    close_portal(at=timezone.now())
    form = {"login": "siapa@kota.example", "password": "rahasia", "csrfmiddlewaretoken": token}

    page = client.post("/akun/masuk/", form)

    kept = dict(re.findall(r'name="(\w+)"[^>]*hidden>\n([^<]*)<', page.content.decode()))
    assert page.status_code == 503
    assert kept == {"login": "siapa@kota.example"}
    assert f'value="{token}"' in page.content.decode()
    assert client.post("/", headers={"accept": "application/json"}).json() == {
        "error": "The portal is away for a moment. Keep this page open and try again."
    }
    reopen_portal(at=timezone.now() + HOUR)
    again = client.post("/akun/masuk/", kept | {"csrfmiddlewaretoken": token, "password": "x"})
    assert again.status_code == 200


@pytest.mark.django_db(transaction=True)
def test_what_was_known_holds_while_the_database_is_away() -> None:
    answers = MaintenanceMiddleware(lambda _request: None)  # type: ignore[arg-type, return-value]
    close_portal(at=timezone.now())
    assert answers.is_closed()
    answers.looked_at = -1e9

    with no_database():
        assert answers.is_closed()

    answers.looked_at = -1e9
    reopen_portal(at=timezone.now() + HOUR)
    assert not answers.is_closed()


@pytest.mark.django_db
def test_closing_is_refused_while_an_open_round_ends_soon() -> None:
    competition = make.competition()
    soon = make.round_(competition, ends_at=make.NOON + 72 * HOUR)

    with pytest.raises(ValidationError) as refused:
        close_portal(at=make.NOON)
    assert [error.code for error in refused.value.error_list] == ["deadline"]
    assert soon.name in refused.value.messages[0]

    close_portal(at=make.NOON - HOUR)
    reopen_portal(at=make.NOON)
    close_portal_anyway(at=make.NOON)
    assert [entry.action for entry in AuditEntry.objects.all()] == [
        "portal.closed",
        "portal.reopened",
        "portal.closed",
    ]


@pytest.mark.django_db
def test_end_that_one_unit_was_granted_counts_too() -> None:
    competition = make.competition()
    round_ = make.round_(competition, ends_at=make.NOON)
    Extension.objects.create(
        round=round_,
        unit=make.unit(),
        old_ends_at=make.NOON,
        new_ends_at=make.NOON + 24 * HOUR,
        granted_by=make.user(),
        granted_at=make.NOON,
    )

    with pytest.raises(ValidationError):
        close_portal(at=make.NOON + HOUR)
    close_portal(at=make.NOON + 25 * HOUR)
    assert trail_of(Maintenance.objects.get()).count() == 1


@pytest.mark.django_db
def test_round_in_which_nobody_works_is_no_reason() -> None:
    make.round_(make.competition(), Round.Kind.ANNOUNCEMENT, ends_at=make.NOON + HOUR)

    close_portal(at=make.NOON)


@pytest.mark.django_db(transaction=True)
def test_command_closes_and_opens() -> None:
    closed = manage("maintenance", "on", "--until", "2099-01-02 21:00")

    assert closed.returncode == 0, closed.stderr
    assert closed.stdout == "In two seconds the portal answers nobody but probes.\n"
    assert Maintenance.objects.get().expected_at is not None
    with pytest.raises(CommandError, match="closed for maintenance already"):
        call_command("maintenance", "on")
    call_command("maintenance", "off")
    with pytest.raises(CommandError, match="open already"):
        call_command("maintenance", "off")


@pytest.mark.django_db
def test_command_needs_force_before_a_deadline() -> None:
    now = timezone.now()
    make.round_(make.competition(), starts_at=now - HOUR, ends_at=now + HOUR)

    with pytest.raises(CommandError, match="add --force"):
        call_command("maintenance", "on")
    call_command("maintenance", "on", "--force")

    assert Maintenance.objects.filter(ended_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_page_without_database_says_so_and_keeps_the_text() -> None:
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "a" * 32

    with no_database():
        page = client.get("/beranda/")
        sent = client.post("/beranda/", {"text": "dua kata"})

    assert (page.status_code, sent.status_code) == (503, 503)
    assert page.headers["Retry-After"] == "30"
    assert "The portal is away for a moment" in page.content.decode()
    assert "dua kata" in sent.content.decode()


@pytest.mark.django_db
def test_number_stands_in_the_header_and_on_the_page_of_an_error(
    settings: Settings, rf: RequestFactory
) -> None:
    connection.cursor().execute("ALTER TABLE competitions_competition RENAME TO gone")
    client = Client(raise_request_exception=False)

    broken = client.get("/")

    number = broken.headers["X-Request-ID"]
    assert broken.status_code == 500
    assert re.fullmatch("[0-9a-f]{16}", number)
    assert f"<code>{number}</code>" in broken.content.decode()


def test_number_of_a_proxy_is_taken_when_there_is_one(settings: Settings) -> None:
    given = {"x-request-id": "nginx-12345678"}

    unknown = Client().get("/healthz", headers=given).headers["X-Request-ID"]
    settings.TRUSTED_PROXIES = 1
    known = Client().get("/healthz", headers=given).headers["X-Request-ID"]
    forged = Client().get("/healthz", headers={"x-request-id": "a b\tc" * 9})

    assert unknown != "nginx-12345678"
    assert known == "nginx-12345678"
    assert re.fullmatch("[0-9a-f]{16}", forged.headers["X-Request-ID"])
