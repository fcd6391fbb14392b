"""Every page answers who may see it; what was typed is kept; the counts of queries stand still."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from proposals.services import register_innovation, return_proposal, send_for_endorsement
from tests import make
from tests.clients import signed_in as login
from tests.proposals.scene import Scene
from tests.proposals.test_writing import url


def answer(person: User, name: str, *args: object) -> int:
    client = Client()
    client.force_login(person)
    return client.get(reverse(f"proposals:{name}", args=args)).status_code


@pytest.mark.parametrize(
    "name",
    [
        "proposal-page",
        "header-edit",
        "attachment-list",
        "proposal-check",
        "proposal-withdraw",
    ],
)
def test_author_opens_the_pages_of_a_draft(scene: Scene, name: str) -> None:
    assert answer(scene.author, name, scene.draft().pk) == 200


def test_author_asks_back_what_waits(scene: Scene) -> None:
    assert answer(scene.author, "proposal-recall", scene.sent().pk) == 200


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("innovation-list", []),
        ("innovation-new", []),
        ("innovation-enter", ["kipp-2020"]),
        ("receipt-ask", []),
    ],
)
def test_author_opens_the_pages_before_a_draft(scene: Scene, name: str, args: list[object]) -> None:
    assert answer(scene.author, name, *args) == 200


def test_history_of_an_innovation_is_for_its_own_unit(scene: Scene) -> None:
    """The list alone tells of an innovation that takes part in nothing yet."""
    stranger = make.user()
    make.membership(stranger, make.unit("Dinas Lain", parent=scene.city))
    register_innovation(scene.clinic, title="Brexit", by=scene.author, at=make.NOON)

    told = {
        person: [line.text for line in login(person).get(url("innovation-list")).context["history"]]
        for person in (scene.author, stranger)
    }

    assert told == {scene.author: ["Innovation registered: Brexit"], stranger: []}


@pytest.mark.parametrize("name", ["endorsement-page", "endorsement-return", "proposal-page"])
def test_endorser_opens_what_waits(scene: Scene, name: str) -> None:
    assert answer(scene.endorser, name, scene.sent().pk) == 200


def test_what_was_sent_is_in_progress_no_more(scene: Scene) -> None:
    draft, sent = scene.draft("Masih ditulis"), scene.sent("Sudah dikirim")
    pages = {
        proposal.pk: login(scene.author).get(url("proposal-page", proposal.pk)).context["tasks"]
        for proposal in (draft, sent)
    }

    assert "In progress" in {task.label for task in pages[draft.pk]}
    assert {task.label for task in pages[sent.pk]} <= {"Filled in", "Complete", "Not filled in"}


def test_endorser_opens_the_queue(scene: Scene) -> None:
    scene.sent()

    assert answer(scene.endorser, "endorsement-queue") == 200


@pytest.mark.parametrize("name", ["receipt", "receipt-pdf", "proposal-page"])
def test_author_opens_the_receipt(scene: Scene, name: str) -> None:
    assert answer(scene.author, name, scene.submitted().proposal_id) == 200


@pytest.mark.parametrize("name", ["board", "board-csv", "board-xlsx", "screening-queue"])
def test_chair_opens_the_lists(scene: Scene, name: str) -> None:
    scene.submitted()
    scene.draft()

    assert answer(scene.chair, name, "kipp-2020") == 200


@pytest.mark.parametrize("name", ["screening-page", "screening-reopen"])
def test_chair_opens_the_submission(scene: Scene, name: str) -> None:
    assert answer(scene.chair, name, "kipp-2020", scene.submitted().proposal_id) == 200


@pytest.mark.parametrize(
    ("role", "name", "args"),
    [
        ("author", "header-edit", []),
        ("author", "section-edit", ["dampak"]),
        ("author", "attachment-list", []),
        ("author", "proposal-recall", []),
        ("endorser", "endorsement-return", []),
    ],
)
def test_form_of_a_frozen_proposal_leads_back_with_a_sentence(
    scene: Scene, role: str, name: str, args: list[object]
) -> None:
    pk = scene.submitted().proposal_id

    page = login(getattr(scene, role)).get(url(name, pk, *args), follow=True)

    assert page.redirect_chain == [(url("proposal-page", pk), 302)]
    assert [str(message) for message in page.context["messages"]] == [
        "The proposal stands at “Submitted”: this cannot be done now."
    ]


@pytest.mark.parametrize("status", ["draft", "returned"])
def test_author_is_asked_to_send_only_while_there_is_time(
    client: Client, scene: Scene, status: str
) -> None:
    """A proposal that was not sent outlives the close; its pages then ask for nothing."""
    proposal = scene.draft()
    if status == "returned":
        send_for_endorsement(proposal, by=scene.author, at=make.NOON)
        return_proposal(proposal, note="Ulangi", section_notes={}, by=scene.endorser, at=make.NOON)
    client.force_login(scene.author)
    now, kept = timezone.now(), "That time is over; what you wrote is kept."
    pages = [url("proposal-page", proposal.pk), url("proposal-check", proposal.pk)]
    found = []

    for ends_at in (now + make.DAY, now - make.DAY):
        scene.competition.rounds.update(starts_at=now - 9 * make.DAY, ends_at=ends_at)
        type(proposal).objects.update(grace_until=None)
        shown = [client.get(page).content.decode() for page in pages]
        found.append(([kept in page for page in shown], "Send for endorsement" in shown[1]))

    assert found == [([False, False], True), ([True, True], False)]


def test_author_is_asked_to_complete_only_while_there_is_time(client: Client, scene: Scene) -> None:
    proposal = scene.submitted().proposal
    client.force_login(scene.author)
    now, found = timezone.now(), []

    for due in (now + make.DAY, now - make.DAY):
        type(proposal).objects.update(
            status="completion", completion_due_at=due, unlocked=["section:ringkasan"]
        )
        pages = [url("proposal-page", proposal.pk), url("proposal-check", proposal.pk)]
        shown = [client.get(page).content.decode() for page in pages]
        told = ["Not completed in time" in page for page in shown]
        found.append((told, "Send the completion" in shown[1]))

    assert found == [([False, False], True), ([True, True], False)]
