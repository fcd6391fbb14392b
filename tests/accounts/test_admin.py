from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import Message
from tests import make
from tests.accounts.place import Place

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "model", ["user", "unit", "membership", "invitation", "auditentry", "message"]
)
def test_support_reads_and_sees_no_secret(client: Client, place: Place, model: str) -> None:
    client.force_login(make.user(is_staff=True))
    base = f"/admin/accounts/{model}/"
    objects: dict[str, object] = {
        "user": place.author.pk,
        "unit": place.agency.pk,
        "membership": place.membership.pk,
        "invitation": place.invitation.pk,
        "auditentry": 1,
        "message": Message.objects.get().pk,
    }

    listed = client.get(base)
    page = client.get(f"{base}{objects[model]}/change/")

    assert (listed.status_code, page.status_code) == (200, 200)
    assert client.get(f"{base}add/").status_code == 403
    assert client.post(f"{base}{objects[model]}/change/", {}).status_code == 403
    assert client.post(f"{base}{objects[model]}/delete/", {"post": "yes"}).status_code == 403
    assert place.token not in page.content.decode()
    assert place.invitation.token_hash not in page.content.decode()


def test_support_closes_accounts_through_the_service(client: Client, place: Place) -> None:
    admin = make.user(is_staff=True)
    client.force_login(admin)
    chosen = [place.author.pk, admin.pk]
    for action in ("close_accounts", "close_accounts", "require_second_factor"):
        client.post("/admin/accounts/user/", {"action": action, "_selected_action": chosen})

    place.author.refresh_from_db()
    admin.refresh_from_db()
    assert (place.author.is_active, admin.is_active) == (False, True)
    assert (place.author.must_use_mfa, admin.must_use_mfa) == (True, True)
    assert place.author.memberships.current().count() == 0


def test_support_is_for_administrators_behind_the_one_login(client: Client, place: Place) -> None:
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/akun/masuk/?next=")
    client.force_login(place.author)
    assert client.get("/admin/", follow=True).status_code == 403
