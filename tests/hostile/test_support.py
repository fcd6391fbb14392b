"""What the system administrator and the outbox meet."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.core import mail
from django.test import Client

from accounts.admin import ReadOnlyAdmin
from accounts.delivery import deliver_due
from accounts.models import Invitation, Message
from accounts.services import invite_member
from competitions.services import seat_person
from proposals.models import Proposal
from tests import make
from tests.background.wanting import everything
from tests.judging.field import opened
from tests.proposals.scene import Scene, city_scene


@pytest.fixture
def scene(db: None) -> Scene:
    return city_scene()


def support() -> Client:
    client = Client()
    client.force_login(make.user(is_staff=True, is_superuser=True))
    return client


def test_support_reads_no_title(scene: Scene) -> None:
    scene.draft("Jempol Ijo")
    scene.sent("Jempol Ijo Kedua")
    client = support()
    pages = ["proposals/proposal/", "proposals/proposal/?q=Jempol", "accounts/message/"]
    for kind, pks in (
        ("proposals/proposal", Proposal.objects.values_list("pk", flat=True)),
        ("accounts/message", Message.objects.values_list("pk", flat=True)),
    ):
        pages += [f"{kind}/{pk}/{page}/" for pk in pks for page in ("change", "history")]

    answers = {page: client.get(f"/admin/{page}") for page in pages}

    assert {answer.status_code for answer in answers.values()} == {200}
    assert [page for page in pages if "Jempol Ijo" in answers[page].content.decode()] == []


def test_support_does_not_read_whose_entry_a_judge_has(db: None) -> None:
    field = opened()
    sheet = field.sheet(field.judges[0], 0)

    page = support().get(f"/admin/judging/assignment/{sheet.pk}/change/").content.decode()

    assert "Inovasi Dinas 00" not in page


def test_support_has_no_page_that_writes_or_that_holds_content() -> None:
    """What a page shows is named: a new field of these models comes to no page by itself."""
    shown = admin.site._registry
    content = [model for model in shown if model._meta.app_label in ("proposals", "judging")]

    assert [model for model, page in shown.items() if not isinstance(page, ReadOnlyAdmin)] == []
    assert {model._meta.model_name for model in content} == {
        "proposal",
        "assignment",
        "panelist",
        "publication",
        "stage",
    }
    assert [model for model in content if not shown[model].fields] == []


def test_address_that_no_mail_reaches_does_not_stop_the_others(scene: Scene) -> None:
    for email in (f"a@{'ü' * 60}.com", "siti@demo.example"):
        invite_member(scene.clinic, role="author", email=email, by=scene.endorser, at=make.NOON)

    deliver_due(clock=lambda: make.NOON, wanted_among=everything)

    assert [sent.to for sent in mail.outbox] == [["siti@demo.example"]]
    assert Message.objects.get(status=Message.Status.FAILED).last_error


def test_longest_name_of_a_competition_leaves_room_for_an_invitation(scene: Scene) -> None:
    scene.competition.name = "K" * 200
    scene.competition.save(update_fields=["name"])

    seat_person(
        scene.competition,
        email="baru@demo.example",
        full_name="Baru",
        role="organizer",
        by=scene.chair,
        at=make.NOON,
    )

    assert len(Invitation.objects.get().purpose) == 200
