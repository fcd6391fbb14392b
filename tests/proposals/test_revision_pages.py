"""The history of a section, and the page where two texts meet."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from accounts.models import User
from proposals import services
from proposals.models import Answer, Proposal, Revision
from proposals.queries.revisions import Save, group_saves
from tests import make
from tests.clients import signed_in
from tests.proposals.scene import MINUTE, Scene

pytestmark = pytest.mark.usefixtures("at_noon")


def url(name: str, *args: object) -> str:
    return reverse(f"proposals:{name}", args=args)


def write(scene: Scene, proposal: Proposal, *texts: str, by: User | None = None) -> None:
    for text in texts:
        now = Answer.objects.filter(proposal=proposal, section=scene.summary).first()
        services.save_answer(
            proposal,
            section=scene.summary,
            text=text,
            version=now.version if now else 0,
            by=by or scene.author,
            at=make.NOON,
        )


def test_saves_without_a_pause_are_one_sitting() -> None:
    moments = [("Rina", 0), ("Rina", 9), ("Rina", 18), ("Rina", 28), ("Budi", 29), ("Rina", 30)]
    saves = [
        Save(version, 1, by, make.NOON + minutes * MINUTE)
        for version, (by, minutes) in enumerate(moments, start=1)
    ]

    found = group_saves(saves)

    assert [(s.seen_before, s.last.version, s.last.by) for s in found] == [
        (0, 3, "Rina"),
        (3, 4, "Rina"),
        (4, 5, "Budi"),
        (5, 6, "Rina"),
    ]


def test_revision_shows_what_the_sitting_changed(scene: Scene) -> None:
    proposal = scene.draft()
    write(scene, proposal, "satu lima tiga", "satu lima enam", by=scene.endorser)

    page = signed_in(scene.author).get(url("section-revision", proposal.pk, "ringkasan", 3))

    text = page.content.decode()
    assert page.context["sitting"].seen_before == 1
    assert [(p.kind.value, p.text) for p in page.context["pieces"]] == [
        ("same", "satu "),
        ("removed", "dua tiga"),
        ("added", "lima enam"),
    ]
    assert "<ins>" in text
    assert "<del>" in text
    assert not page.context["may_restore"]


@pytest.mark.parametrize("version", [0, 9, 99_999_999_999_999])
def test_revision_that_never_was_is_not_found(scene: Scene, version: int) -> None:
    address = url("section-revision", scene.draft().pk, "ringkasan", version)

    assert signed_in(scene.author).get(address).status_code == 404


def test_older_text_is_put_back_as_the_newest_version(scene: Scene) -> None:
    proposal = scene.draft()
    write(scene, proposal, "baru")
    client = signed_in(scene.endorser)
    address = url("revision-restore", proposal.pk, "ringkasan", 1)

    response = client.post(address, {"version": 2})

    assert response["Location"] == url("section-edit", proposal.pk, "ringkasan")
    stored = Answer.objects.get(proposal=proposal, section=scene.summary)
    assert (stored.text, stored.version, stored.saved_by) == ("satu dua tiga", 3, scene.endorser)


def test_putting_back_over_a_newer_text_shows_both(scene: Scene) -> None:
    proposal = scene.draft()
    write(scene, proposal, "baru")
    address = url("revision-restore", proposal.pk, "ringkasan", 1)

    response = signed_in(scene.author).post(address, {"version": 1})

    assert response.status_code == 409
    assert "satu dua tiga</textarea>" in response.content.decode()
    assert Answer.objects.get(proposal=proposal, section=scene.summary).text == "baru"


def test_nothing_is_put_back_once_it_was_sent(scene: Scene) -> None:
    proposal = scene.draft()
    write(scene, proposal, "baru")
    services.send_for_endorsement(proposal, by=scene.author, at=make.NOON)
    client = signed_in(scene.author)

    page = client.get(url("section-revision", proposal.pk, "ringkasan", 1))
    response = client.post(url("revision-restore", proposal.pk, "ringkasan", 1), {"version": 2})

    assert not page.context["may_restore"]
    assert response.status_code == 409
    assert Revision.objects.filter(answer__proposal=proposal).count() == 3


BASE = "Latar\n\nMasalah\n\nHasil"
MINE = "Latar saya\n\nMasalah\n\nHasil"
THEIRS = "Latar\n\nMasalah\n\nHasil <b>rekan</b>"
JOINED = "Latar saya\n\nMasalah\n\nHasil <b>rekan</b>"


def race(scene: Scene) -> tuple[Proposal, Client]:
    """The author has the page of version 2 open; the endorser has saved version 3."""
    proposal = scene.draft()
    write(scene, proposal, BASE)
    write(scene, proposal, THEIRS, by=scene.endorser)
    return proposal, signed_in(scene.author)


@pytest.mark.parametrize(("name", "status"), [("section-edit", 409), ("section-compare", 409)])
def test_loser_sees_both_texts_the_difference_and_a_proposal(
    scene: Scene, name: str, status: int
) -> None:
    proposal, client = race(scene)

    response = client.post(
        url(name, proposal.pk, "ringkasan"), {"text": MINE.replace("\n", "\r\n"), "version": 2}
    )

    page = response.content.decode()
    assert response.status_code == status
    assert f'<textarea hidden name="text">{MINE}</textarea>' in page
    assert escape("Hasil <b>rekan</b>") in page
    assert response.context["form"].initial == {"text": JOINED, "version": 3}
    assert response.context["conflicts"] == 0
    assert Revision.objects.filter(answer__proposal=proposal).count() == 4


@pytest.mark.parametrize("chosen", [MINE, JOINED])
def test_choice_replaces_the_other_text_and_keeps_it_in_the_history(
    scene: Scene, chosen: str
) -> None:
    proposal, client = race(scene)
    address = url("section-edit", proposal.pk, "ringkasan")

    response = client.post(address, {"text": chosen, "version": 3})

    kept = Revision.objects.filter(answer__proposal=proposal, answer__section=scene.summary)
    assert response.status_code == 302
    assert list(kept.order_by("version").values_list("text", flat=True)) == [
        "satu dua tiga",
        BASE,
        THEIRS,
        chosen,
    ]


def test_same_paragraph_changed_by_both_stands_twice(scene: Scene) -> None:
    proposal, client = race(scene)
    mine = "Latar\n\nMasalah\n\nHasil saya"

    response = client.post(
        url("section-edit", proposal.pk, "ringkasan"), {"text": mine, "version": 2}
    )

    assert response.context["conflicts"] == 1
    assert response.context["form"].initial["text"] == (
        "Latar\n\nMasalah\n\nHasil saya\n\nHasil <b>rekan</b>"
    )


def test_second_race_on_the_page_of_choice_is_told_again(scene: Scene) -> None:
    proposal, client = race(scene)
    write(scene, proposal, "lagi", by=scene.endorser)

    response = client.post(
        url("section-edit", proposal.pk, "ringkasan"), {"text": JOINED, "version": 3}
    )

    assert response.status_code == 409
    assert response.context["theirs"].text == "lagi"


def test_comparing_nothing_leads_to_the_section(scene: Scene) -> None:
    proposal = make.proposal(scene.clinic, scene.track)
    address = url("section-compare", proposal.pk, "ringkasan")
    data = {"text": "x", "version": 0}

    assert signed_in(scene.author).post(address, data).status_code == 302


def test_too_long_text_is_refused_with_the_words_to_cut(scene: Scene) -> None:
    proposal = scene.draft()
    write(scene, proposal, "kata " * 13)
    client = signed_in(scene.author)
    token = "6f1a2f0e-8f7e-4c39-9a43-0d3c5a0f6a11"

    response = client.post(url("proposal-send", proposal.pk), {"token": token})

    assert response.status_code == 422
    assert "Cut 3 words from “Ringkasan” (limit 10)." in response.content.decode()
    assert Proposal.objects.get(pk=proposal.pk).status == "draft"


def test_text_from_word_arrives_clean(scene: Scene) -> None:
    proposal = scene.draft()
    pasted = "Pela\u00adyanan\u00a0cepat\u200b\r\ncafe\u0301\x0b\u202eruwet"

    signed_in(scene.author).post(
        url("section-edit", proposal.pk, "ringkasan"), {"text": pasted, "version": 1}
    )

    stored = Answer.objects.get(proposal=proposal, section=scene.summary)
    assert stored.text == "Pelayanan cepat\ncaf\u00e9\nruwet"


def test_pause_of_a_sitting_is_ten_minutes() -> None:
    edge = [Save(n, 1, "Rina", make.NOON + n * timedelta(minutes=10)) for n in (1, 2)]

    assert len(group_saves(edge)) == 2
