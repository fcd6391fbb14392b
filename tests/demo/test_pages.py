"""What the demonstration adds: one click enters as each role, and a page shows what was mailed."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from kipp.demo.accounts import LOGINS, email_of
from tests.test_urls import urls_of_demo

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _demonstration(settings: Settings, tmp_path: Path) -> None:
    settings.DEMO = True
    settings.DEMO_MAIL_DIR = tmp_path
    settings.ROOT_URLCONF = urls_of_demo()


def person(key: str) -> User:
    return User.objects.create(email=email_of(key) or "", full_name=key, password="!")


def test_one_click_on_the_login_page_enters_as_each_role() -> None:
    people = {login.key: person(login.key) for login in LOGINS}
    page = Client().get(reverse("account_login")).content.decode()

    for key, who in people.items():
        client, door = Client(), reverse("demo-enter", args=[key])
        entered = client.post(door)
        assert f'action="{door}"' in page
        assert (entered["Location"], client.session["_auth_user_id"]) == (
            reverse("dashboard"),
            str(who.pk),
        )


def test_who_entered_by_one_click_is_listed_as_signed_in() -> None:
    person("author")
    client = Client(headers={"user-agent": "Mozilla/5.0 (Linux; Android 14) Chrome/120.0 Mobile"})
    client.post(reverse("demo-enter", args=["author"]))

    page = client.get(reverse("usersessions_list")).content.decode()

    assert page.count('<li class="file">') == 1
    assert "this device" in page


def test_nobody_enters_by_looking_or_as_somebody_else() -> None:
    person("chair")
    doors = [reverse("demo-enter", args=[key]) for key in ("chair", "siti", "author")]

    looked, unknown, without_account = (
        Client().get(doors[0]),
        Client().post(doors[1]),
        Client().post(doors[2]),
    )

    assert [each.status_code for each in (looked, unknown, without_account)] == [405, 404, 404]


def test_mails_are_listed_and_read(tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["Subject"], mail["To"] = "Kirim <b>sekarang</b>", "a@demo.example"
    mail["Date"] = "Mon, 23 Nov 2026 00:46:16 -0000"
    mail.set_content("Proposal menunggu pengesahan Anda.\n")
    (tmp_path / "0001.eml").write_bytes(bytes(mail))

    listed = Client().get(reverse("demo-mails")).content.decode()
    read = Client().get(reverse("demo-mail", args=["0001"])).content.decode()

    assert "Kirim &lt;b&gt;sekarang&lt;/b&gt;" in listed
    assert "Proposal menunggu pengesahan Anda." in read
    assert "23 November 2026, 07.46 WIB" in listed
    assert "23 November 2026, 07.46 WIB" in read
    assert Client().get(reverse("demo-mail", args=["0002"])).status_code == 404
