from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from kipp.lib.probing import Answer
from proposals.models import Proposal, VideoCheck
from proposals.queries.preflight import problems_of
from proposals.services.watching import HOLDS, check_videos, due_urls
from tests import make
from tests.lib.test_probing import serving
from tests.proposals.scene import MINUTE, Scene

URL = "https://video.example/1"


@pytest.fixture
def site(settings: Settings) -> Iterator[str]:
    with serving() as address:
        settings.LOCAL_HOSTS = frozenset({address})
        yield address


def noon() -> datetime:
    return make.NOON


def test_background_look_finds_what_is_dead(scene: Scene, site: str) -> None:
    make.rule(scene.track, "video")
    alive, dead = f"http://{site}/200", f"http://{site}/404"
    proposals = [scene.draft(video_url=url) for url in (alive, dead, dead)]

    looked = check_videos(clock=noon)

    assert looked == 2
    answers = dict(VideoCheck.objects.values_list("url", "answer"))
    assert answers == {alive: "alive", dead: "dead"}
    # The links of this test are no https: only that blocks the sending, a dead video never does.
    Proposal.objects.filter(video_url=dead).update(video_url=URL)
    VideoCheck.objects.filter(url=dead).update(url=URL)
    proposals[1].refresh_from_db()
    [finding] = problems_of(proposals[1])
    assert (finding.code, finding.severity, finding.article) == ("video_dead", "refuses", "Pasal 6")


def test_without_a_network_nothing_is_said(scene: Scene) -> None:
    make.rule(scene.track, "video")
    proposal = scene.draft(video_url="https://tidak-ada.invalid/1")

    assert problems_of(proposal) == []
    check_videos(clock=noon)

    assert VideoCheck.objects.get().answer == "unknown"
    assert problems_of(proposal) == []


@pytest.mark.parametrize("answer", list(Answer))
def test_answer_holds_for_its_time(scene: Scene, answer: Answer) -> None:
    scene.draft(video_url=URL)
    VideoCheck.objects.create(url=URL, answer=answer, checked_at=make.NOON)
    until = make.NOON + HOLDS[answer]

    assert due_urls(at=until - MINUTE) == []
    assert due_urls(at=until) == [URL]


def test_withdrawn_and_decided_proposals_are_not_looked_at(scene: Scene) -> None:
    proposal = scene.draft(video_url=URL)
    assert due_urls(at=make.NOON) == [URL]

    Proposal.objects.filter(pk=proposal.pk).update(status="withdrawn")

    assert due_urls(at=make.NOON) == []


def test_page_says_when_somebody_looked(scene: Scene, client: Client) -> None:
    proposal = scene.draft(video_url=URL)
    client.force_login(scene.author)
    path = reverse("proposals:proposal-check", args=[proposal.pk])

    before = client.get(path).content.decode()
    VideoCheck.objects.create(url=URL, answer="dead", checked_at=make.NOON)
    after = client.get(path).content.decode()

    assert "not checked yet" in before
    assert "cannot be watched, " in after
