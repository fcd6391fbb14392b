from __future__ import annotations

import re
from datetime import datetime, timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import time_machine
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from accounts.audit import trail_of
from accounts.models import Membership, Message
from kipp.lib import clock
from proposals import services
from proposals.models import Proposal
from tests import make
from tests.proposals.scene import Scene
from tests.proposals.test_endorsing import refusal


def told() -> set[int | None]:
    mails = Message.objects.filter(kind="proposal_chased")
    return set(mails.values_list("recipient", flat=True))


def test_chase_mails_whoever_holds_it(scene: Scene) -> None:
    services.chase_holder(scene.draft(), by=scene.organizer, at=make.NOON)
    assert told() == {scene.author.pk}

    services.chase_holder(scene.sent(), by=scene.organizer, at=make.NOON)
    assert told() == {scene.author.pk, scene.endorser.pk}


def test_chase_once_a_day(scene: Scene) -> None:
    proposal = scene.draft()

    def chase(days: int) -> int:
        at = make.NOON + days * make.DAY
        return services.chase_holder(proposal, by=scene.organizer, at=at)

    assert chase(0) == 1
    assert refusal(lambda: chase(0)) == "too_soon"
    assert chase(1) == 1
    assert Message.objects.filter(kind="proposal_chased").count() == 2
    assert [entry.action for entry in trail_of(proposal)] == ["proposal.chased"] * 2


def test_chase_needs_somebody_who_owes_something(scene: Scene) -> None:
    received = scene.submitted().proposal
    Membership.objects.filter(user=scene.author).update(ended_at=make.NOON)
    lonely = scene.draft()

    def chase(proposal: Proposal) -> int:
        return services.chase_holder(proposal, by=scene.organizer, at=make.NOON)

    assert refusal(lambda: chase(received)) == "not_now"
    assert refusal(lambda: chase(lonely)) == "nobody"


def test_chase_after_the_close_is_refused(scene: Scene) -> None:
    late = scene.draft()
    close = scene.competition.rounds.get(kind="submission").ends_at

    def chase(at: datetime) -> int:
        return services.chase_holder(late, by=scene.organizer, at=at)

    assert refusal(lambda: chase(close)) == "over"
    assert chase(close - timedelta(seconds=1)) > 0


def test_second_click_says_when_and_keeps_the_filter(scene: Scene, client: Client) -> None:
    proposal = scene.draft()
    client.force_login(scene.organizer)
    client.cookies["django_language"] = "en"
    address = reverse("proposals:proposal-chase", args=[scene.competition.slug, proposal.pk])

    with time_machine.travel(make.NOON, tick=False):
        client.post(address)
        answer = client.post(f"{address}?holder=author")

    assert answer["Location"].endswith("/panitia/proposal/?holder=author")
    said = [str(message) for message in get_messages(answer.wsgi_request)]
    last, after = (
        clock.show_moment(make.NOON + days * make.DAY, zone="Asia/Jakarta") for days in (0, 1)
    )
    assert said[-1] == f"Reminded already on {last}; a further mail can go out from {after}."
    assert Message.objects.filter(kind="proposal_chased").count() == 1


def test_chat_names_the_unit_and_neither_title_nor_number_of_a_draft(
    scene: Scene, client: Client
) -> None:
    scene.draft("RAHASIA", contact_phone="081234567890")
    client.force_login(scene.organizer)
    client.cookies["django_language"] = "en"

    page = client.get(reverse("proposals:board", args=[scene.competition.slug])).content.decode()

    [link] = re.findall(r'href="(https://wa\.me/[^"]*)"', page)
    text = parse_qs(urlsplit(unescape(link)).query)["text"][0]
    assert urlsplit(link).path == "/"
    assert text.startswith("Puskesmas Janti: a proposal for KIPP Kota Malang 2020 is still")
    assert ["RAHASIA" in page, "812345" in page] == [False, False]


def test_chat_goes_to_the_contact_of_what_was_received(scene: Scene, client: Client) -> None:
    proposal = scene.submitted().proposal
    Proposal.objects.filter(pk=proposal.pk).update(
        contact_phone="081234567890",
        status="completion",
        completion_due_at=make.NOON,
        unlocked=["section:dampak"],
    )
    client.force_login(scene.organizer)

    page = client.get(reverse("proposals:board", args=[scene.competition.slug])).content.decode()

    assert "https://wa.me/6281234567890?text=" in page
