"""The same texts in another form: nothing is cut, nothing is lost, what is too long is named."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document

from proposals.models import Proposal
from tests import make
from tests.proposals.scene import Scene
from tests.proposals.test_paper import text_of

LONG = "kata " * 205


@pytest.fixture
def draft(scene: Scene) -> Proposal:
    """Its summary is longer than the national form allows; one text has no place there."""
    scene.summary.label = "Ringkasan"
    scene.summary.save(update_fields=["label"])
    proposal = make.proposal(scene.clinic, scene.track, "Antar Obat", created_by=scene.author)
    make.answer(proposal, scene.summary, LONG)
    make.answer(proposal, scene.impact, "Dampak kami besar.")
    return proposal


def files(client: Client, draft: Proposal) -> dict[str, bytes]:
    names = ["docx", "pdf", "json"]
    form = [draft.pk, "kipp-nasional-2023", "umum"]
    urls = {kind: reverse("next-level-file", args=[*form, kind]) for kind in names}
    return {kind: client.get(url).content for kind, url in urls.items()}


def test_the_page_names_what_is_too_long_and_what_has_no_place(
    client: Client, scene: Scene, draft: Proposal
) -> None:
    client.force_login(scene.author)

    page = client.get(reverse("next-level", args=[draft.pk]))

    shapes = {shape.form.edition: shape for shape in page.context["shapes"]}
    national = shapes["kipp-nasional-2023"]
    assert national.too_long == [("Ringkasan", 205, 200)]
    assert [section["key"] for section in national.left] == ["dampak"]
    assert "Signifikansi" in national.empty


def test_the_way_back_leads_to_a_page_that_its_reader_may_open(
    client: Client, scene: Scene, draft: Proposal
) -> None:
    received = scene.submitted("Menunggu seleksi").proposal
    found = []
    for reader, proposal in ((scene.author, draft), (scene.organizer, received)):
        client.force_login(reader)
        page = client.get(reverse("next-level", args=[proposal.pk])).content.decode()
        line = page.split('class="breadcrumb-line"')[1].split("</nav>")[0]
        found.append(client.get(line.rsplit('href="')[-1].split('"')[0]).status_code)

    assert found == [200, 200]


def test_every_file_holds_every_text_and_flags_the_long_one(
    client: Client, scene: Scene, draft: Proposal
) -> None:
    client.force_login(scene.author)

    found = files(client, draft)

    told = json.loads(found["json"])
    paragraphs = [each.text for each in Document(BytesIO(found["docx"])).paragraphs]
    assert told["too_long"] == ["Ringkasan"]
    assert told["sections"][0]["text"].split() == LONG.split()
    assert [section["text"] for section in told["left"]] == ["Dampak kami besar."]
    assert "Dampak kami besar." in paragraphs
    assert any("205" in text and "200" in text for text in paragraphs)
    assert "205" in text_of(found["pdf"])


def test_a_committee_does_not_get_the_draft(client: Client, scene: Scene, draft: Proposal) -> None:
    client.force_login(scene.chair)

    assert client.get(reverse("next-level", args=[draft.pk])).status_code == 404
