from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from accounts.audit import trail_of
from accounts.models import Message, User
from tests import make
from tests.accounts.place import HOSTILE, Place

pytestmark = pytest.mark.django_db
REASON = {"reason": "Ponsel hilang"}


@pytest.fixture
def guarded(place: Place) -> User:
    """The author with an app and recovery codes."""
    for kind in (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES):
        Authenticator.objects.create(user=place.author, type=kind, data={})
    return place.author


@pytest.fixture
def endorser(client: Client, place: Place) -> Client:
    client.force_login(place.endorser)
    return client


def address(person: User) -> str:
    return reverse("accounts:person-reset-factor", args=[person.pk])


def test_endorser_resets_a_lost_factor(endorser: Client, place: Place, guarded: User) -> None:
    page = reverse("accounts:person-show", args=[guarded.pk])
    assert address(guarded) in endorser.get(page).content.decode()

    answer = endorser.post(address(guarded), REASON)

    assert (answer.status_code, answer["Location"]) == (302, page)
    assert not Authenticator.objects.filter(user=guarded).exists()
    entry = trail_of(guarded).get()
    assert (entry.action, entry.actor, entry.reason) == (
        "user.mfa_reset",
        place.endorser,
        "Ponsel hilang",
    )
    mail = Message.objects.get(kind="factor_reset")
    assert (mail.recipient, mail.status) == (guarded, "queued")
    assert str(place.endorser) in mail.text
    assert "Ponsel hilang" in mail.text
    assert address(guarded) not in endorser.get(page).content.decode()


def test_devices_are_signed_out(endorser: Client, guarded: User) -> None:
    lost = Client()
    guarded.set_password("sandi-yang-panjang-7")
    guarded.save()
    Authenticator.objects.all().delete()
    lost.post(
        reverse("account_login"), {"login": guarded.email, "password": "sandi-yang-panjang-7"}
    )
    Authenticator.objects.create(user=guarded, type=Authenticator.Type.TOTP, data={})
    assert lost.get(reverse("dashboard")).status_code == 200

    endorser.post(address(guarded), REASON)

    assert lost.get(reverse("dashboard")).status_code == 302


@pytest.mark.parametrize("reason", HOSTILE)
def test_bad_reason_resets_nothing(endorser: Client, guarded: User, reason: str) -> None:
    answer = endorser.post(address(guarded), {"reason": reason})

    assert answer.status_code == 422
    assert Authenticator.objects.filter(user=guarded).count() == 2


def test_second_press_says_that_there_is_none(endorser: Client, guarded: User) -> None:
    endorser.post(address(guarded), REASON)

    again = endorser.post(address(guarded), REASON)

    assert again.status_code == 422
    assert Message.objects.filter(kind="factor_reset").count() == 1


def test_who_may_not_reset(client: Client, place: Place, guarded: User) -> None:
    judge = make.user(must_use_mfa=True)
    make.membership(judge, place.agency)
    elsewhere = make.user()
    make.membership(elsewhere, make.unit(), "endorser")
    tries = [
        (place.author, guarded, 403),
        (place.endorser, place.endorser, 403),
        (place.endorser, judge, 403),
        (elsewhere, guarded, 404),
        (make.user(), guarded, 404),
    ]

    for who, person, status in tries:
        client.force_login(who)
        assert client.post(address(person), REASON).status_code == status, who
    assert Authenticator.objects.filter(user=guarded).count() == 2
