from __future__ import annotations

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.models import Invitation
from tests import make
from tests.accounts.place import HOSTILE, Place, token_of

pytestmark = pytest.mark.django_db
PASSWORD = "kucing hijau makan awan"


def test_invite_end_resend_and_revoke_in_the_browser(client: Client, place: Place) -> None:
    client.force_login(place.endorser)
    invite = reverse("accounts:member-invite", args=[place.agency.pk])

    client.post(invite, {"email": "b@demo.example", "full_name": "Budi", "role": "endorser"})
    again = client.post(invite, {"email": "b@demo.example", "full_name": "", "role": "endorser"})
    client.post(reverse("accounts:invitation-resend", args=[place.invitation.pk]))
    client.post(reverse("accounts:invitation-revoke", args=[place.invitation.pk]))
    end = reverse("accounts:membership-end", args=[place.membership.pk])
    ended = client.post(end, {"reason": "Pindah tugas"})
    twice = client.post(end, {"reason": "Pindah tugas"})
    closed = client.post(reverse("accounts:invitation-revoke", args=[place.invitation.pk]))
    unsent = client.post(reverse("accounts:invitation-resend", args=[place.invitation.pk]))
    page = client.get(reverse("accounts:unit-show", args=[place.agency.pk]))

    assert (again.status_code, ended.status_code, twice.status_code) == (422, 302, 422)
    assert (closed.status_code, unsent.status_code) == (302, 302)
    assert [each.email for each, _expired in page.context["invitations"]] == ["b@demo.example"]
    assert [each.user for each, _may in page.context["members"]] == [place.endorser]
    assert "Pindah tugas" in page.content.decode()


def test_nobody_ends_their_own_role(client: Client, place: Place) -> None:
    client.force_login(place.endorser)
    own = place.endorser.memberships.get()

    answer = client.post(reverse("accounts:membership-end", args=[own.pk]), {"reason": "x"})

    assert (answer.status_code, place.endorser.memberships.current().count()) == (403, 1)


@pytest.mark.parametrize("text", HOSTILE)
def test_invite_keeps_what_was_typed(client: Client, place: Place, text: str) -> None:
    client.force_login(place.endorser)
    before = Invitation.objects.count()

    answer = client.post(
        reverse("accounts:member-invite", args=[place.agency.pk]),
        {"email": text, "full_name": "Budi Kept", "role": text},
    )

    assert (answer.status_code, Invitation.objects.count()) == (422, before)
    assert "Budi Kept" in answer.content.decode()
    assert "<script>alert" not in answer.content.decode()


def accept(client: Client, place: Place, **changes: str) -> int:
    values = {
        "full_name": "Siti Aminah",
        "nip": "19960818 202204 2 001",
        "phone": "0812 3456 7890",
        "password": PASSWORD,
        "password_again": PASSWORD,
    }
    url = reverse("accounts:invitation-accept", args=[place.token])
    return client.post(url, {**values, **changes}).status_code


def test_accepting_opens_the_account_once(client: Client, place: Place) -> None:
    url = reverse("accounts:invitation-accept", args=[place.token])

    assert accept(client, place) == 302
    assert accept(Client(), place) == 410
    used = client.get(url)
    assert (used.status_code, used.context["state"]) == (410, "accepted")
    assert place.endorser.email in used.content.decode()
    login = client.post("/akun/masuk/", {"login": "new@demo.example", "password": PASSWORD})
    assert login.status_code == 302
    assert client.get(reverse("accounts:unit-show", args=[place.agency.pk])).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"password_again": "another password"},
        {"password": "short", "password_again": "short"},
        {"password": "new@demo.example", "password_again": "new@demo.example"},
        {"nip": "19961318 202204 2 001"},
        {"phone": "x"},
        *({"full_name": text} for text in HOSTILE),
    ],
)
def test_accepting_refuses_bad_input(client: Client, place: Place, changes: dict[str, str]) -> None:
    assert accept(client, place, **changes) == 422
    assert accept(client, place) == 302


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({"expires_at": make.NOON}, "expired"),
        ({"revoked_at": make.NOON}, "revoked"),
        ({"token_hash": "0" * 64}, "unknown"),
    ],
)
def test_a_closed_invitation_says_why(
    client: Client, place: Place, change: dict[str, object], state: str
) -> None:
    Invitation.objects.update(**change)

    page = client.get(reverse("accounts:invitation-accept", args=[place.token]))
    client.force_login(place.author)
    join = client.post(reverse("accounts:invitation-join", args=[place.token]))

    assert (page.status_code, page.context["state"], join.status_code) == (410, state, 302)
    assert "new@demo.example" not in page.content.decode()


def test_whoever_has_an_account_joins_logged_in(client: Client, place: Place) -> None:
    owner = make.user(password=make_password(PASSWORD))
    invitation = services.invite_member(
        place.agency, role="author", email=owner.email, by=place.endorser, at=timezone.now()
    )
    token = token_of(invitation)
    page = reverse("accounts:invitation-accept", args=[token])
    assert f"/akun/masuk/?next={page}" in client.get(page).content.decode()
    client.force_login(place.author)
    assert client.get(page).context["is_own"] is False
    client.post(reverse("accounts:invitation-join", args=[token]))
    assert owner.memberships.count() == 0
    client.force_login(owner)
    assert client.get(page).context["is_own"] is True

    answer = client.post(reverse("accounts:invitation-join", args=[token]))

    assert (answer.status_code, owner.memberships.count()) == (302, 1)
