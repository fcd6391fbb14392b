"""Under whatever name a request comes, and whoever stands between: nothing is sent elsewhere."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Message
from tests.proposals.scene import Scene, city_scene

ELSEWHERE = {"host": "127.0.0.1"}


@pytest.fixture
def scene(db: None) -> Scene:
    return city_scene()


def test_reset_link_leads_to_the_portal_itself(scene: Scene) -> None:
    scene.author.set_password("apel-mangga-jeruk-77")
    scene.author.save(update_fields=["password"])

    Client(headers=ELSEWHERE).post(reverse("account_reset_password"), {"email": scene.author.email})

    message = Message.objects.get()
    assert "http://localhost/akun/sandi/lupa/" in message.text
    assert 'href="http://localhost/akun/sandi/lupa/' in message.html
    assert "127.0.0.1" not in message.text


def test_calendar_leads_to_the_portal_itself(scene: Scene) -> None:
    url = reverse("competitions:competition-calendar", args=[scene.competition.slug])

    calendar = Client(headers=ELSEWHERE).get(url).content.decode()

    assert "http://localhost/kompetisi/kipp-2020/" in calendar
    assert "127.0.0.1" not in calendar


def test_pages_of_a_person_are_kept_by_nobody(scene: Scene) -> None:
    client = Client()
    client.force_login(scene.author)

    assert client.get("/beranda/")["Cache-Control"] == "private, no-cache"
    assert Client().get("/")["Cache-Control"] == "no-cache"


def test_invitation_is_kept_by_nobody(scene: Scene) -> None:
    answer = Client().get(reverse("accounts:invitation-accept", args=["token"]))

    assert "no-store" in answer["Cache-Control"]
