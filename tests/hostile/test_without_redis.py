"""Redis is away: people log in, write and submit as ever."""

from __future__ import annotations

import socket
from uuid import uuid4

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from competitions.models import Round
from proposals.models import Submission
from tests import make
from tests.proposals.scene import city_scene

PASSWORD = "apel-mangga-jeruk-77"
NOWHERE = "redis://127.0.0.1:1/0"


@pytest.mark.django_db
def test_login_save_and_submit_need_no_redis(settings: Settings) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": NOWHERE}}
    scene = city_scene()
    now = timezone.now()
    Round.objects.update(starts_at=now - make.DAY, ends_at=now + make.DAY)
    scene.endorser.password = make_password(PASSWORD)
    scene.endorser.save(update_fields=["password"])
    draft, waiting = scene.draft(), scene.sent(at=now)
    person = {"login": scene.endorser.email, "password": PASSWORD}
    answer, tick = {"text": "satu dua", "version": 1}, {"token": str(uuid4()), "statement": "on"}
    client = Client()

    answers = [
        client.post(reverse("account_login"), person),
        client.post(reverse("proposals:section-edit", args=[draft.pk, "ringkasan"]), answer),
        client.post(reverse("proposals:endorsement-submit", args=[waiting.pk]), tick),
    ]

    assert [each.status_code for each in answers] == [302, 302, 302]
    assert Submission.objects.get().proposal == waiting


@pytest.mark.django_db
def test_a_final_send_asks_redis_nothing(settings: Settings) -> None:
    """So a frozen one, which takes connections and never answers, cannot make it wait."""
    scene, now = city_scene(), timezone.now()
    Round.objects.update(starts_at=now - make.DAY, ends_at=now + make.DAY)
    waiting, client = scene.sent(at=now), Client()
    client.force_login(scene.endorser)

    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.setblocking(False)
        place = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": place}}
        tick = {"token": str(uuid4()), "statement": "on"}
        answer = client.post(reverse("proposals:endorsement-submit", args=[waiting.pk]), tick)

        with pytest.raises(BlockingIOError):
            silent.accept()
    assert answer.status_code == 302
    assert Submission.objects.get().proposal == waiting
