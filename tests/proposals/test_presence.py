"""Who is writing what: seen by those who write too, never by a committee, gone by itself."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from proposals.models import Proposal
from proposals.presence import note_writing, writers_of
from tests import make
from tests.clients import signed_in
from tests.proposals.scene import Scene

pytestmark = pytest.mark.usefixtures("at_noon")


def autosave(person: User, proposal: Proposal, *, version: int, key: str = "ringkasan") -> str:
    url = reverse("proposals:section-autosave", args=[proposal.pk, key])
    response = signed_in(person).post(url, {"text": f"versi {version}", "version": version})
    return str(json.loads(response.content)["beside"])


def test_save_tells_of_the_other_who_writes_there(scene: Scene) -> None:
    proposal = scene.draft()

    found = [
        autosave(scene.author, proposal, version=1),
        autosave(scene.endorser, proposal, version=2),
        autosave(scene.author, proposal, version=1, key="dampak"),
        autosave(scene.endorser, proposal, version=3),
    ]

    assert found == ["", "Author is editing this section too.", "", ""]


def test_pages_name_who_is_editing_what(scene: Scene) -> None:
    proposal = scene.draft()
    autosave(scene.author, proposal, version=1)
    page = reverse("proposals:proposal-page", args=[proposal.pk])
    section = reverse("proposals:section-edit", args=[proposal.pk, "ringkasan"])

    seen = {
        who.full_name: [signed_in(who).get(url).content.decode() for url in (page, section)]
        for who in (scene.endorser, scene.author)
    }

    assert "Author is editing Ringkasan." in seen["Endorser"][0]
    assert "Author is editing this section too." in seen["Endorser"][1]
    assert "is editing" not in "".join(seen["Author"])
    assert signed_in(scene.organizer).get(page).status_code == 404


def test_hint_is_gone_after_a_minute_and_a_half(scene: Scene) -> None:
    note_writing(7, section="dampak", by=scene.author, at=make.NOON)
    moments = [make.NOON + timedelta(seconds=seconds) for seconds in (89, 90)]

    found = [[w.name for w in writers_of(7, besides=scene.endorser, at=at)] for at in moments]

    assert found == [["Author"], []]


def test_save_goes_on_without_redis(scene: Scene, settings: Settings) -> None:
    proposal = scene.draft()
    settings.CACHES = {
        "default": {
            "BACKEND": "kipp.lib.cache.DegradingRedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }

    assert autosave(scene.author, proposal, version=1) == ""


@pytest.mark.parametrize("minutes", [0, 5])
def test_old_news_is_not_shown(scene: Scene, minutes: int) -> None:
    proposal = scene.draft()
    autosave(scene.author, proposal, version=1)
    page = reverse("proposals:proposal-page", args=[proposal.pk])

    with time_machine.travel(make.NOON + timedelta(minutes=minutes), tick=False):
        shown = "is editing" in signed_in(scene.endorser).get(page).content.decode()

    assert shown == (minutes == 0)
