"""Single sign-on against a provider that speaks the protocol: who gets in, and who does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.urls import reverse
from joserfc.jwk import RSAKey
from pytest_django import Settings

from accounts.models import AuditEntry, Invitation, User
from accounts.services import correct_address, invite_member
from kipp.demo.servers import free_port
from tests import make
from tests.accounts.provider import CLIENT, SECRET, Provider
from tests.competitions.world import build
from tests.kipp.test_undelivered import failed

pytestmark = pytest.mark.django_db
EMAIL = "rina@kota.example"


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    provider = Provider()
    yield provider
    provider.close()


@pytest.fixture
def provider(running: Provider, settings: Settings) -> Provider:
    settings.OIDC_ISSUER = running.url
    settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = CLIENT, SECRET
    settings.PORTAL = settings.PORTAL | {"sso_name": "SSO Kota"}
    running.claims = {"email": EMAIL, "email_verified": True, "name": "Rina"}
    running.signs_with = running.key
    return running


def sign_in(client: Client, provider: Provider) -> str:
    """Where one stands afterwards."""
    left = client.get(reverse("sso-leave"))
    return client.get(provider.visit(left["Location"]))["Location"]


def known(**fields: Any) -> User:
    person = make.user(**fields)
    person.email = EMAIL
    person.save(update_fields=["email"])
    return person


def who(client: Client) -> str:
    return str(client.session.get("_auth_user_id", ""))


def said(client: Client) -> str:
    return client.get(reverse("account_login")).content.decode()


def test_person_with_the_verified_address_is_signed_in(client: Client, provider: Provider) -> None:
    person = known()
    provider.claims["email"] = EMAIL.upper()

    answer = sign_in(client, provider)

    assert (answer, who(client)) == ("/beranda/", str(person.pk))
    assert provider.asked["code_challenge_method"] == "S256"
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": False},
        {"email_verified": "true"},
        {"email": ""},
        {"email": "lain@kota.example"},
        {"aud": "another portal"},
        {"iss": "https://elsewhere.example"},
        {"exp": 1000},
        {"nonce": "from an earlier answer"},
    ],
)
def test_answer_that_does_not_hold_signs_nobody_in(
    client: Client, provider: Provider, claims: dict[str, Any]
) -> None:
    known()
    provider.claims |= claims

    answer = sign_in(client, provider)

    assert (answer, who(client)) == (reverse("account_login"), "")
    assert User.objects.count() == 1


def test_forged_signature_and_foreign_state_sign_nobody_in(
    client: Client, provider: Provider
) -> None:
    known()
    provider.signs_with = RSAKey.generate_key(2048, {"kid": "1"})
    forged = sign_in(client, provider)
    provider.signs_with = provider.key
    stolen = Client()
    stolen_answer = provider.visit(stolen.get(reverse("sso-leave"))["Location"])

    other_browser = client.get(stolen_answer)

    login = reverse("account_login")
    assert [forged, other_browser["Location"], who(client)] == [login, login, ""]


def test_invited_person_gets_the_account_that_was_promised(
    client: Client, provider: Provider
) -> None:
    unit = make.unit(level="government")
    invite_member(unit, role="author", email=EMAIL, by=make.user(), at=make.NOON)
    Invitation.objects.update(expires_at=make.NOON + 900 * make.DAY)

    sign_in(client, provider)

    person = User.objects.get(email=EMAIL)
    assert (who(client), person.full_name, person.has_usable_password()) == (
        str(person.pk),
        "Rina",
        False,
    )
    assert person.memberships.get().unit == unit
    assert AuditEntry.objects.filter(actor=person, action="invitation.accepted").count() == 1


@pytest.mark.parametrize("state", ["revoked", "expired", "used"])
def test_invitation_that_is_over_opens_no_account(
    client: Client, provider: Provider, state: str
) -> None:
    unit = make.unit(level="government")
    invite_member(unit, role="author", email=EMAIL, by=make.user(), at=make.NOON)
    over = {
        "revoked": {"revoked_at": make.NOON},
        "used": {"accepted_at": make.NOON},
        "expired": {"expires_at": make.NOON},
    }
    Invitation.objects.update(**{"expires_at": make.NOON + 900 * make.DAY, **over[state]})

    sign_in(client, provider)

    assert (who(client), User.objects.filter(email=EMAIL).exists()) == ("", False)
    assert EMAIL in said(client)


def test_closed_account_stays_closed(client: Client, provider: Provider) -> None:
    known(is_active=False)

    sign_in(client, provider)

    assert who(client) == ""


def test_second_factor_is_asked_all_the_same(
    client: Client, provider: Provider, settings: Settings
) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    judge = known(must_use_mfa=True)

    sign_in(client, provider)
    without = client.get("/beranda/")
    client.logout()
    TOTP.activate(judge, "JBSWY3DPEHPK3PXP")
    answer = sign_in(client, provider)

    assert without["Location"] == reverse("mfa_activate_totp")
    assert (answer.split("?")[0], who(client)) == (reverse("mfa_authenticate"), "")


def test_account_in_use_without_a_password_cannot_be_moved(
    client: Client, provider: Provider
) -> None:
    world = build()
    person = known()
    person.set_unusable_password()
    person.save()
    sign_in(client, provider)
    mail = failed(world, person)

    correct_address(
        mail,
        email="perebut@kota.example",
        among=type(mail).objects.all(),
        by=world.people["organizer"],
        at=make.NOON,
    )

    person.refresh_from_db()
    assert person.email == EMAIL


def test_provider_that_is_away_costs_a_sentence(
    client: Client, provider: Provider, settings: Settings
) -> None:
    settings.OIDC_ISSUER = f"http://127.0.0.1:{free_port()}"

    answer = client.get(reverse("sso-leave"))

    assert answer["Location"] == reverse("account_login")
    assert "SSO Kota" in said(client)


def test_portal_without_a_provider_has_no_such_door(client: Client) -> None:
    doors = [client.get(reverse(name)).status_code for name in ("sso-leave", "sso-return")]

    assert doors == [404, 404]
    assert reverse("sso-leave") not in said(client)
