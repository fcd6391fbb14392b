from __future__ import annotations

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts import services
from accounts.exports import EXAMPLES
from accounts.models import User
from kipp.lib.sheets import write_csv
from tests import make
from tests.accounts.place import Place
from tests.accounts.url_table import ROWS

pytestmark = pytest.mark.django_db
POSTS = {"accounts:invitation-join", "accounts:invitation-resend", "accounts:invitation-revoke"}


def person_as(role: str, place: Place) -> User | None:
    if role == "author-other":
        other = make.user()
        make.membership(other, make.unit(parent=place.city))
        return other
    known = {"anon": None, "author": place.author, "endorser": place.endorser}
    if role in known:
        return known[role]
    return make.user(is_staff=True) if role == "sysadmin" else make.user()


def arguments(name: str, place: Place, person: User | None) -> list[object]:
    noun = name.removeprefix("accounts:")
    if noun == "import-confirm":
        sender = person or place.author
        return [
            services.keep_sheet(
                write_csv(EXAMPLES["units"][0], []),
                name="a.csv",
                kind="units",
                by=sender,
                at=make.NOON,
            ).pk
        ]
    by_noun: dict[str, list[object]] = {
        "import-example": ["units", "csv"],
        "membership-end": [place.membership.pk],
        "invitation-resend": [place.invitation.pk],
        "invitation-revoke": [place.invitation.pk],
        "invitation-accept": [place.token],
        "invitation-join": [place.token],
        "member-invite": [place.agency.pk],
    }
    if noun in by_noun:
        return by_noun[noun]
    if noun.startswith("unit-") and noun not in {"unit-list", "unit-create"}:
        return [place.agency.pk]
    if noun.startswith("person-") and noun != "person-list":
        return [place.author.pk]
    return []


@pytest.mark.parametrize("name", ROWS)
def test_each_role_gets_what_the_table_says(place: Place, name: str) -> None:
    wanted = dict(cell.split("=") for cell in ROWS[name].split())
    got = {}
    for role in wanted:
        with transaction.atomic():
            client, person = Client(), person_as(role, place)
            if person:
                client.force_login(person)
            url = reverse(name, args=arguments(name, place, person))
            answer = client.post(url) if name in POSTS else client.get(url)
            got[role] = str(answer.status_code)
            transaction.set_rollback(True)

    assert got == wanted


@pytest.mark.parametrize("name", ROWS)
def test_a_wrong_method_is_refused(place: Place, name: str) -> None:
    client, admin = Client(), make.user(is_staff=True)
    client.force_login(admin)
    url = reverse(name, args=arguments(name, place, admin))

    assert client.delete(url).status_code == 405
    if name in POSTS:
        assert client.get(url).status_code == 405
