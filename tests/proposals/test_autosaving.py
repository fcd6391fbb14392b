from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from proposals.autosaving import note_save, pause_for, pause_now
from tests import make
from tests.proposals.scene import Scene


@pytest.mark.parametrize(
    ("rate", "pause"), [(0, 2), (14.9, 2), (15, 6), (39.9, 6), (40, 15), (900, 15)]
)
def test_more_saves_ask_for_longer_pauses(rate: float, pause: int) -> None:
    assert pause_for(rate) == pause


def test_the_last_ten_seconds_decide_about_the_next() -> None:
    for _ in range(150):
        note_save(at=make.NOON)

    later = [make.NOON + timedelta(seconds=seconds) for seconds in (0, 10, 20)]
    assert [pause_now(at=at) for at in later] == [2, 6, 2]


def test_page_and_each_answer_say_the_pause(scene: Scene) -> None:
    client = Client()
    client.force_login(scene.author)
    proposal = scene.draft()
    now = int(timezone.now().timestamp()) // 10
    cache.set_many({f"saves:{now + number}": 400 for number in range(-1, 4)})
    place = [proposal.pk, "ringkasan"]

    page = client.get(reverse("proposals:section-edit", args=place)).content.decode()
    saved = client.post(
        reverse("proposals:section-autosave", args=place), {"text": "baru", "version": 1}
    )

    assert 'data-pause="15"' in page
    assert saved.json()["pause"] == 15


def test_count_lost_between_its_two_steps_costs_no_save(settings: Settings) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}

    note_save(at=make.NOON)

    assert pause_now(at=make.NOON) == 2
