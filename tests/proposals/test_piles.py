"""Many endorsed at once: what was read, each for itself."""

from __future__ import annotations

import threading
from uuid import UUID, uuid4

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.audit import trail_of
from proposals import services
from proposals.models import Proposal, Reading, Submission
from proposals.services import Outcome
from proposals.workflow import ProposalStatus
from tests import make
from tests.proposals.scene import Scene, city_scene
from tests.proposals.test_endorsing import refusal
from tests.proposals.test_races import together


def read(scene: Scene, title: str = "") -> Proposal:
    proposal = scene.sent(title)
    services.mark_read(proposal, version=proposal.version, by=scene.endorser, at=make.NOON)
    return proposal


def send_all(scene: Scene, *proposals: Proposal, token: UUID | None = None) -> list[Outcome]:
    return services.submit_pile(proposals, token=token or uuid4(), by=scene.endorser, at=make.NOON)


def test_each_of_a_pile_gets_its_own_receipt(scene: Scene) -> None:
    outcomes = send_all(scene, read(scene), read(scene))

    assert [outcome.receipt for outcome in outcomes] == ["KIPP-2020-0001", "KIPP-2020-0002"]


def test_what_was_not_read_is_named_and_stops_nobody(scene: Scene) -> None:
    unread, ready = scene.sent(), read(scene)

    first, second = send_all(scene, unread, ready)

    assert first.refusal.startswith("Read it first")
    assert second.receipt == "KIPP-2020-0001"
    assert Proposal.objects.get(pk=unread.pk).status == ProposalStatus.AWAITING


def test_what_came_back_changed_must_be_read_again(scene: Scene) -> None:
    proposal = read(scene)
    services.return_proposal(
        proposal, note="Perbaiki", section_notes={}, by=scene.endorser, at=make.NOON
    )
    services.send_for_endorsement(proposal, by=scene.author, at=make.NOON)

    assert send_all(scene, proposal)[0].refusal.startswith("Read it first")


def test_one_reads_for_oneself(scene: Scene) -> None:
    colleague = make.user()
    make.membership(colleague, scene.agency, "endorser")
    proposal = read(scene)

    [outcome] = services.submit_pile([proposal], token=uuid4(), by=colleague, at=make.NOON)

    assert outcome.refusal.startswith("Read it first")


def test_the_same_pile_twice_gives_the_same_receipts(scene: Scene) -> None:
    proposals, token = [read(scene), read(scene)], uuid4()

    assert send_all(scene, *proposals, token=token) == send_all(scene, *proposals, token=token)
    assert Submission.objects.count() == 2


def test_reading_is_of_the_version_that_was_shown(scene: Scene) -> None:
    proposal = scene.sent()

    def mark(version: int) -> None:
        services.mark_read(proposal, version=version, by=scene.endorser, at=make.NOON)

    assert refusal(lambda: mark(proposal.version - 1)) == "stale"
    mark(proposal.version)
    mark(proposal.version)
    assert Reading.objects.count() == 1
    assert [entry.action for entry in trail_of(proposal)] == ["proposal.sent", "proposal.read"]


def test_the_desk_marks_and_the_queue_sends(scene: Scene, at_noon: None, client: Client) -> None:
    Submission.objects.all().delete()
    scene.competition.rounds.update(starts_at=make.NOON, ends_at=make.NOON + 999 * make.DAY)
    ready, returned = scene.sent("BREXIT"), read(scene, "SAKTI")
    client.force_login(scene.endorser)
    mark = reverse("proposals:endorsement-read", args=[ready.pk])
    assert client.post(mark, {"version": 0}).status_code == 409
    assert client.post(mark, {"version": ready.version}).status_code == 302
    page = client.get(reverse("proposals:endorsement-queue")).content.decode()
    assert page.count('name="proposals"') == 2

    services.return_proposal(returned, note="x", section_notes={}, by=scene.endorser, at=make.NOON)
    pile = reverse("proposals:endorsement-pile")
    ticked = {"proposals": [ready.pk, returned.pk], "token": str(uuid4())}
    assert client.post(pile, ticked).status_code == 422
    answer = client.post(pile, ticked | {"statement": "on"})

    assert answer.status_code == 302
    said = [str(message) for message in get_messages(answer.wsgi_request)]
    assert ["KIPP-2020-0001" in said[-2], "SAKTI" in said[-1]] == [True, True]
    assert Submission.objects.get().proposal == ready


def test_queue_costs_the_same_for_many(scene: Scene, client: Client) -> None:
    client.force_login(scene.endorser)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("proposals:endorsement-queue")).status_code == 200
        return len(queries)

    read(scene)
    one = count()
    for _number in range(3):
        read(scene)
    assert count() == one


@pytest.mark.django_db(transaction=True)
def test_a_pile_against_a_return_in_a_second_tab() -> None:
    """Exactly one of the two decides each proposal, and the pile says what it did not send."""
    scene = city_scene()
    pks = [read(scene).pk for _number in range(4)]
    begun = threading.Event()

    def send() -> list[bool]:
        begun.set()
        pile = list(Proposal.objects.for_page().filter(pk__in=pks).order_by("pk"))
        return [bool(outcome.receipt) for outcome in send_all(scene, *pile)]

    def give_back() -> str:
        begun.wait(timeout=20)
        last = Proposal.objects.for_page().get(pk=pks[-1])
        services.return_proposal(last, note="x", section_notes={}, by=scene.endorser, at=make.NOON)
        return "returned"

    sent, given = together(send, give_back)

    is_returned = given == "returned"
    assert sent == [True, True, True, not is_returned]
    assert Submission.objects.count() == (3 if is_returned else 4)
    assert given in {"returned", "not_now"}
