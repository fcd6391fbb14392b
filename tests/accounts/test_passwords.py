from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import PastPassword, User
from accounts.passwords import LIFETIME
from tests import make

GOOD = "Kawung-Malang-1914"
VALIDATORS = [
    {"NAME": "accounts.passwords.MixedSignsValidator"},
    {"NAME": "accounts.passwords.UnusedBeforeValidator"},
]


@pytest.fixture
def bssn(settings: Settings) -> None:
    """What kipp.settings makes of PASSWORD_PROFILE=bssn."""
    settings.PASSWORD_PROFILE = "bssn"
    settings.AUTH_PASSWORD_VALIDATORS = [*settings.AUTH_PASSWORD_VALIDATORS, *VALIDATORS]
    place = settings.MIDDLEWARE.index("accounts.middleware.SecondFactorMiddleware")
    settings.MIDDLEWARE = [
        *settings.MIDDLEWARE[:place],
        "accounts.middleware.PasswordAgeMiddleware",
        *settings.MIDDLEWARE[place:],
    ]


def codes(password: str, person: User | None = None) -> set[str]:
    try:
        validate_password(password, person)
    except ValidationError as error:
        return {str(each.code) for each in error.error_list}
    return set()


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("pendek-sekali"[:11], {"password_too_short"}),
        ("password12345", {"password_too_common"}),
        ("batik kawung malang", set()),
        ("x" * 11 + "\N{GRINNING FACE}", set()),
    ],
)
def test_default_profile_asks_for_length_and_no_kinds_of_signs(
    password: str, expected: set[str]
) -> None:
    assert codes(password) == expected


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("Kw-1914", {"password_too_short"}),
        (GOOD.lower(), {"password_not_mixed"}),
        (GOOD.upper(), {"password_not_mixed"}),
        ("Kawung-Malang-Jaya", {"password_not_mixed"}),
        ("KawungMalang1914", {"password_not_mixed"}),
        (GOOD, set()),
    ],
)
@pytest.mark.usefixtures("bssn")
def test_bssn_profile_asks_for_mixed_signs(password: str, expected: set[str]) -> None:
    assert codes(password) == expected


@pytest.mark.django_db
@pytest.mark.usefixtures("bssn")
def test_none_of_the_last_five_comes_again() -> None:
    person = make.user()
    for number in range(6):
        person.set_password(f"{GOOD}{number}")
        person.save()

    found = [codes(f"{GOOD}{number}", person) for number in range(7)]

    assert found == [set(), *[{"password_used_before"}] * 5, set()]
    assert PastPassword.objects.count() == 5


@pytest.mark.django_db
@pytest.mark.usefixtures("bssn")
def test_password_of_six_months_is_replaced_before_anything_else(client: Client) -> None:
    person = make.user()
    person.set_password(GOOD)
    person.save()
    PastPassword.objects.update(set_at=timezone.now() - LIFETIME)
    client.force_login(person)
    change = reverse("account_change_password")

    before = client.get("/beranda/")
    new = {"oldpassword": GOOD, "password1": f"{GOOD}!", "password2": f"{GOOD}!"}
    client.post(change, new)
    after = client.get("/beranda/")

    assert (before["Location"], after.status_code) == (change, 200)
    assert client.session["password_good_until"] > timezone.now().timestamp()


@pytest.mark.django_db
@pytest.mark.usefixtures("bssn")
def test_password_of_the_other_profile_is_replaced_and_a_young_one_is_not(client: Client) -> None:
    person = make.user()
    person.set_password(GOOD)
    person.save()
    client.force_login(person)
    young = client.get("/beranda/").status_code
    PastPassword.objects.all().delete()
    client.session.flush()
    client.force_login(person)

    unknown = client.get("/beranda/").status_code

    assert (young, unknown) == (200, 302)
