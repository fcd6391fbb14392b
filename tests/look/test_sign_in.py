"""The account pages in a real browser: password, passkey under the strict policy, app, sessions."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from accounts.models import User
from tests import make

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

PASSWORD = "batik kawung malang 1914"


@pytest.fixture
def person() -> User:
    person = make.user("Dra. Sri Wahyuni, M.AP.")
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])
    return person


def sign_in(page: Page, person: User) -> None:
    page.goto(f"{reverse('account_login')}?next={reverse('mfa_index')}")
    page.locator("[name=login]").fill(person.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator(".form-page .btn-primary").click()
    page.wait_for_url(f"**{reverse('mfa_index')}")


def confirm_password(page: Page) -> None:
    """What changes the second step asks for the password once more."""
    page.wait_for_url(f"**{reverse('account_reauthenticate')}**")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator(".form-page .btn-primary").click()


def add_key_device(page: Page) -> None:
    """A fingerprint reader that always agrees."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_passkey_is_added_and_signs_in_without_a_password(page: Page, person: User) -> None:
    add_key_device(page)
    sign_in(page, person)
    page.goto(reverse("mfa_add_webauthn"))
    confirm_password(page)
    page.locator("[name=name]").fill("Laptop")
    page.locator("[name=passwordless]").check()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url("**/recovery-codes/**")
    page.goto(reverse("account_logout"))
    page.locator(".confirm .btn-primary").click()

    page.goto(f"{reverse('account_login')}?next={reverse('mfa_index')}")
    page.locator("#passkey_login").click()

    page.wait_for_url(f"**{reverse('mfa_index')}")
    assert page.locator(".menu-who").text_content() == f"{person}{person.email}"


def test_wrong_code_of_the_app_keeps_the_page_and_names_the_clock(page: Page, person: User) -> None:
    sign_in(page, person)
    page.goto(reverse("mfa_activate_totp"))
    confirm_password(page)

    page.locator("[name=code]").fill("000000")
    page.locator(".form-page .btn-primary").click()

    assert page.locator(".error-summary li").count() == 1
    assert page.locator("[name=code]").input_value() == "000000"
