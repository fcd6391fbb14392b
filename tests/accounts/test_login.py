"""Through the real login view: throttling, second factor, and mails that only go to the outbox."""

from __future__ import annotations

import re
from typing import NoReturn

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.core.internal import ratelimit
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.core import mail as smtp
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from accounts import services
from accounts.models import Message, User
from tests import make

pytestmark = pytest.mark.django_db
PASSWORD = "kucing hijau makan awan"
LOGIN = "/akun/masuk/"
STATEMENTS = 10


@pytest.fixture
def person() -> User:
    return make.user("Siti", password=make_password(PASSWORD))


def log_in(client: Client, email: str, password: str = PASSWORD) -> int:
    return client.post(LOGIN, {"login": email, "password": password}).status_code


def test_login_leads_to_the_dashboard(client: Client, person: User) -> None:
    answer = client.post(LOGIN, {"login": person.email.upper(), "password": PASSWORD})

    assert (answer.status_code, answer["Location"]) == (302, "/beranda/")
    assert not EmailAddress.objects.exists()


def test_login_asks_little_and_says_nothing(person: User) -> None:
    """Person and factor 2, a session of a new key 3, the last login 1, the list of sessions 1, the
    session saved 3, whoever else is signed in; a savepoint stands for each BEGIN and COMMIT."""
    log_in(Client(), person.email)
    client = Client()
    with CaptureQueriesContext(connection) as captured:
        answer = client.post(LOGIN, {"login": person.email, "password": PASSWORD}, follow=False)

    asked = [each["sql"] for each in captured]
    assert answer.status_code == 302
    assert len(asked) == STATEMENTS, "\n".join(asked)
    assert not any("account_emailaddress" in sql or "membership" in sql for sql in asked)


def test_login_is_listed_where_the_person_is_signed_in(person: User) -> None:
    browsers = [Client(HTTP_USER_AGENT=device) for device in ("Kantor", "Rumah")]
    for browser in browsers:
        log_in(browser, person.email)

    page = browsers[0].get(reverse("usersessions_list"))

    assert page.status_code == 200
    assert set(UserSession.objects.values_list("user", "ip", "user_agent")) == {
        (person.pk, "127.0.0.1", "Kantor"),
        (person.pk, "127.0.0.1", "Rumah"),
    }


def test_signing_out_everywhere_else_ends_the_other_browsers_at_once(person: User) -> None:
    here, other = Client(), Client()
    for browser in (here, other):
        log_in(browser, person.email)

    here.post(reverse("usersessions_list"))

    answers = [each.get("/beranda/").status_code for each in (here, other)]
    assert answers == [200, 302]


def lose_database(*_statement: object) -> NoReturn:
    raise OperationalError("server closed the connection unexpectedly")


def test_database_that_is_away_locks_nobody_out(person: User) -> None:
    client = Client(raise_request_exception=False)

    with connection.execute_wrapper(lose_database):
        away = {log_in(client, person.email) for _try in range(6)}

    assert (away, log_in(Client(), person.email)) == ({503}, 302)


def test_300_people_behind_one_address_log_in() -> None:
    hashed = make_password(PASSWORD)
    people = [make.user(password=hashed) for _number in range(300)]

    assert [log_in(Client(), each.email) for each in people] == [302] * 300


def test_wrong_passwords_lock_the_account_for_the_right_one_too(
    client: Client, person: User
) -> None:
    other = make.user(password=make_password(PASSWORD))

    wrong = [log_in(Client(), person.email, "wrong password") for _attempt in range(10)]
    right = client.post(LOGIN, {"login": person.email, "password": PASSWORD})

    assert wrong == [200] * 10
    assert right.status_code == 200
    assert right.context["form"].non_field_errors().as_data()[0].code == "too_many_login_attempts"
    assert log_in(Client(), other.email) == 302


def test_a_person_without_a_password_and_a_closed_account_stay_out(client: Client) -> None:
    waiting = services.register_person("waiting@demo.example", full_name="W", by=None, at=make.NOON)
    closed = make.user(password=make_password(PASSWORD), is_active=False)

    assert log_in(client, waiting.email, "!") == 200
    log_in(client, closed.email)
    assert "_auth_user_id" not in client.session


def test_closing_an_account_ends_its_sessions(client: Client, person: User) -> None:
    log_in(client, person.email)
    assert client.get("/akun/saya/").status_code == 200

    services.deactivate_user(person, by=None, at=make.NOON, reason="Pensiun")

    assert client.get("/akun/saya/").status_code == 302


def test_nobody_signs_up(client: Client) -> None:
    assert client.get("/akun/signup/").status_code == 404


def test_password_reset_by_a_secret_mail_in_the_outbox(client: Client, person: User) -> None:
    client.post("/akun/sandi/lupa/", {"email": person.email})
    mail = Message.objects.get(kind="account_password_reset_key")
    found = re.search(r"https?://[^/]+(/akun/sandi/lupa/\S+/)", mail.text)
    assert found
    page = client.get(found[1], follow=True)
    new = "awan makan kucing hijau"
    answer = client.post(page.request["PATH_INFO"], {"password1": new, "password2": new})

    assert answer.status_code == 302
    assert (mail.is_secret, mail.to_email) == (True, person.email)
    assert found[1].rsplit("-", 1)[-1].strip("/") not in mail.dedupe_key
    assert User.objects.get(pk=person.pk).check_password(new)
    assert Message.objects.filter(kind="account_password_reset").count() == 1
    assert smtp.outbox == []


def test_a_new_password_opens_a_locked_account(client: Client, person: User) -> None:
    for _attempt in range(6):
        log_in(Client(), person.email, "wrong password")
    client.post("/akun/sandi/lupa/", {"email": person.email})
    text = Message.objects.get(kind="account_password_reset_key").text
    found = re.search(r"(/akun/sandi/lupa/\S+/)", text)
    assert found
    page = client.get(found[1], follow=True)
    new = "awan makan kucing hijau"
    client.post(page.request["PATH_INFO"], {"password1": new, "password2": new})

    assert log_in(Client(), person.email, new) == 302


def test_password_reset_tells_nothing_about_strangers(client: Client, person: User) -> None:
    known = client.post("/akun/sandi/lupa/", {"email": person.email})
    unknown = client.post("/akun/sandi/lupa/", {"email": "nobody@demo.example"})

    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert list(Message.objects.values_list("to_email", flat=True)) == [person.email]


@pytest.mark.parametrize("fact", ["must_use_mfa", "is_staff"])
def test_second_factor_comes_before_everything(
    client: Client, settings: Settings, fact: str
) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    person = make.user()
    setattr(person, fact, True)
    person.save(update_fields=[fact])
    client.force_login(person)

    answer = client.get("/akun/saya/")

    assert (answer.status_code, answer["Location"]) == (302, reverse("mfa_activate_totp"))
    assert client.post("/akun/keluar/").status_code == 302


def test_second_factor_is_asked_of_nobody_else(
    client: Client, settings: Settings, person: User
) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    client.force_login(person)
    assert client.get("/akun/saya/").status_code == 200

    settings.REQUIRE_SECOND_FACTOR = False
    client.force_login(make.user(must_use_mfa=True))
    assert client.get("/akun/saya/").status_code == 200


@time_machine.travel(make.NOON, tick=False)
def test_second_factor_opens_the_door(client: Client, settings: Settings, person: User) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    services.require_mfa(person, by=None, at=make.NOON)
    secret = "JBSWY3DPEHPK3PXP"
    TOTP.activate(person, secret)

    answer = client.post(LOGIN, {"login": person.email, "password": PASSWORD})
    assert answer["Location"] == reverse("mfa_authenticate")
    # One step late: the clocks of phones are never exact.
    counter = next(yield_hotp_counters_from_time())
    code = format_hotp_value(hotp_value(secret, counter))
    client.post(answer["Location"], {"code": code})

    assert client.get("/akun/saya/").status_code == 200
    Authenticator.objects.all().delete()
    assert client.get("/akun/saya/").status_code == 200
    anew = Client()
    anew.force_login(person)
    assert anew.get("/akun/saya/").status_code == 302


@pytest.mark.parametrize("action", ["login", "login_failed"])
def test_lock_of_a_killed_web_worker_refuses_nobody(
    client: Client, person: User, settings: Settings, action: str
) -> None:
    """It died between the two halves of allauth's count of tries from this address."""
    rate = ratelimit.parse_rates(settings.ACCOUNT_RATE_LIMITS[action])[-1]
    asked = {"app": "allauth.account", "action": action, "rate": rate}
    lock = f"{ratelimit.get_cache_key(RequestFactory().post(LOGIN), **asked)}:lock"
    assert cache.add(lock, True, timeout=ratelimit.CACHE_LOCK_TIMEOUT)

    assert log_in(client, person.email) == 302


def test_too_many_reset_mails_get_a_page_and_no_mail(client: Client) -> None:
    person = make.user()
    address = reverse("account_reset_password")

    answers = [client.post(address, {"email": person.email}) for _number in range(6)]

    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert "429.html" in {template.name for template in answers[-1].templates}
    assert Message.objects.filter(recipient=person).count() <= 5
