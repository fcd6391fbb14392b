from __future__ import annotations

import pytest
from django.conf import settings
from django.contrib.auth.hashers import identify_hasher, make_password
from django.test import Client
from django.urls import reverse

from kipp.lib.hashers import Argon2Hasher
from tests import make

PASSWORD = "apel-mangga-jeruk-77"


def test_password_costs_what_owasp_asks_and_no_more() -> None:
    encoded = Argon2Hasher().encode(PASSWORD, "salt-salt-salt")

    assert encoded.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


def test_operators_page_has_every_limit() -> None:
    text = (settings.BASE_DIR / "docs" / "operations.md").read_text()

    limits = {**settings.ACCOUNT_RATE_LIMITS, **settings.MFA_RATE_LIMITS}
    assert [name for name, most in limits.items() if f"| `{name}` | `{most}` |" not in text] == []


@pytest.mark.django_db
def test_answers_forbid_inline_code_and_frames(client: Client) -> None:
    headers = client.get("/healthz").headers

    policy = dict(
        part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["X-Frame-Options"] == "DENY"


@pytest.mark.django_db
def test_guessing_locks_the_account_and_not_its_neighbours(client: Client) -> None:
    guessed, neighbour = _person(), _person()
    for number in range(5):
        _log_in(client, email=guessed, password=f"wrong-{number}")

    assert _log_in(client, email=guessed, password=PASSWORD) is False
    assert _log_in(Client(), email=neighbour, password=PASSWORD) is True


def _person() -> str:
    return make.user(password=make_password(PASSWORD)).email


def _log_in(client: Client, *, email: str, password: str) -> bool:
    client.post(reverse("account_login"), {"login": email, "password": password})
    return "_auth_user_id" in client.session


def test_fast_hasher_is_for_tests_only() -> None:
    assert identify_hasher(make_password("x")).algorithm == "md5"
