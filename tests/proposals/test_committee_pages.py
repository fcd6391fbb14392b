"""The committee's pages and the public proof: what they show, hide and cost."""

from __future__ import annotations

import csv
import io
from uuid import uuid4

import pikepdf
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Message, User
from proposals import services
from proposals.models import Proposal, Screening
from tests import make
from tests.clients import signed_in as login
from tests.lib.samples import jpg_file
from tests.proposals.scene import Scene
from tests.proposals.test_outcome import decide
from tests.proposals.test_writing import url

SLUG = "kipp-2020"


def queries(person: User, address: str) -> int:
    client = login(person)
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_lists_cost_the_same_at_1_and_at_30_rows(scene: Scene) -> None:
    pages = {url("innovation-list"): scene.author, url("endorsement-queue"): scene.endorser}
    for name in ("board", "board-journey", "screening-queue", "screening-outcome"):
        pages[url(name, SLUG)] = scene.organizer
    counts = []

    for more in (1, 29):
        for number in range(more):
            scene.sent()
            decide(scene, "failed" if number % 2 else "passed", *["careless"][: number % 2])
            scene.submitted()
        counts.append({page: queries(person, page) for page, person in pages.items()})

    assert counts[0] == counts[1]
    assert {page: count for page, count in counts[1].items() if count > 12} == {}


def test_board_shows_no_draft(scene: Scene) -> None:
    scene.draft("Rahasia Draf")
    scene.submitted("Terang Benderang")

    page = login(scene.organizer).get(url("board", SLUG)).content.decode()

    assert "Rahasia Draf" not in page
    assert "Terang Benderang" in page


def test_committee_cannot_open_a_draft(scene: Scene) -> None:
    proposal = scene.draft()
    client = login(scene.chair)

    found = [
        client.get(url(name, *args, proposal.pk)).status_code
        for name, args in [
            ("proposal-page", []),
            ("proposal-check", []),
            ("screening-page", [SLUG]),
            ("receipt", []),
        ]
    ]

    assert found == [404] * 4


def test_screening_page_reads_the_frozen_copy(scene: Scene) -> None:
    submission = scene.submitted("Judul Beku")
    Proposal.objects.update(title="Judul Cair")

    page = login(scene.organizer).get(url("screening-page", SLUG, submission.proposal_id))

    assert "Judul Beku" in page.content.decode()
    assert "Judul Cair" not in page.content.decode()


def test_decision_leads_to_the_next_one(scene: Scene) -> None:
    first, second = scene.submitted(), scene.submitted()
    address = url("screening-page", SLUG, first.proposal_id)

    response = login(scene.organizer).post(address, {"verdict": "passed"})

    assert response.status_code == 302
    assert response["Location"] == url("screening-page", SLUG, second.proposal_id)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"verdict": "nonsense"},
        {"verdict": "failed"},
        {"verdict": "failed", "reasons": "nonsense"},
        {"verdict": "completion", "reasons": "incomplete"},
        {"verdict": "completion", "reasons": "incomplete", "due_at": "31-02-2026"},
        {"verdict": "completion", "reasons": "incomplete", "due_at": "2020-01-01"},
        {"verdict": "passed", "note": "a\0b"},
        {"verdict": "passed", "note": "x" * 2001},
    ],
)
def test_bad_decision_answers_422(scene: Scene, data: dict[str, str]) -> None:
    address = url("screening-page", SLUG, scene.submitted().proposal_id)

    response = login(scene.organizer).post(address, {"note": "Catatan saya", **data})

    assert response.status_code == 422
    assert data.get("note", "Catatan saya") in response.content.decode()
    assert Screening.objects.count() == 0


def test_second_decision_answers_409(scene: Scene) -> None:
    submission = scene.submitted()
    client = login(scene.organizer)
    address = url("screening-page", SLUG, submission.proposal_id)
    client.post(address, {"verdict": "passed"})

    assert client.post(address, {"verdict": "passed"}).status_code == 409


def test_auditor_reads_and_decides_nothing(scene: Scene) -> None:
    address = url("screening-page", SLUG, scene.submitted().proposal_id)
    client = login(scene.auditor)

    assert client.get(address).status_code == 200
    assert client.post(address, {"verdict": "passed"}).status_code == 403


def test_reopening_is_the_chairs(scene: Scene) -> None:
    submission = scene.submitted()
    services.screen_submission(submission, verdict="passed", by=scene.organizer, at=make.NOON)
    address = url("screening-reopen", SLUG, submission.proposal_id)

    assert login(scene.organizer).post(address, {"reason": "x"}).status_code == 403
    assert login(scene.chair).post(address, {"reason": ""}).status_code == 422
    assert login(scene.chair).post(address, {"reason": "Keliru"}).status_code == 302


def test_remind_writes_one_mail_a_day(scene: Scene) -> None:
    address = url("proposal-chase", SLUG, scene.draft().pk)
    client = login(scene.organizer)

    with time_machine.travel(make.NOON):
        client.post(address)
        client.post(address)

    assert Message.objects.filter(kind="proposal_chased").count() == 1
    assert login(scene.auditor).post(address).status_code == 403
    assert login(scene.author).post(address).status_code == 404


def test_export_defuses_formulas_and_hides_drafts(scene: Scene) -> None:
    scene.draft("Rahasia Draf")
    scene.submitted("=cmd|' /C calc'!A0")

    content = login(scene.organizer).get(url("board-csv", SLUG)).getvalue().decode("utf-8-sig")

    rows = list(csv.reader(io.StringIO(content), delimiter=";"))
    assert len(rows) == 3
    assert "Rahasia Draf" not in content
    assert [row[1] for row in rows[1:] if row[1]] == ["'=cmd|' /C calc'!A0"]


def test_submission_file_is_the_committees(scene: Scene) -> None:
    proposal = scene.draft()
    attachment = services.attach_file(
        proposal,
        slot=scene.photo,
        file=io.BytesIO(jpg_file()),
        name="foto.jpg",
        by=scene.author,
        at=make.NOON,
    )
    services.send_for_endorsement(proposal, by=scene.author, at=make.NOON)
    address = url("submission-file", SLUG, proposal.pk, attachment.sha256)
    assert login(scene.organizer).get(address).status_code == 404

    services.submit_proposal(proposal, token=uuid4(), by=scene.endorser, at=make.NOON)

    response = login(scene.organizer).get(address)
    assert b"".join(response).startswith(b"\xff\xd8\xff")
    thumbnail = url("submission-thumbnail", SLUG, proposal.pk, attachment.sha256)
    assert b"".join(login(scene.chair).get(thumbnail)).startswith(b"RIFF")
    other = url("submission-file", SLUG, proposal.pk, "0" * 64)
    assert login(scene.organizer).get(other).status_code == 404
    assert login(scene.author).get(address).status_code == 404


def test_public_proof_reveals_nothing_else(scene: Scene) -> None:
    submission = scene.submitted("Judul Rahasia")
    address = reverse("proposals:receipt-verify", args=[submission.receipt.lower()])

    page = Client().get(address).content.decode()

    for shown in (submission.receipt, submission.sha256, "KIPP Kota Malang 2020", "WITA", "WIT)"):
        assert shown in page
    secrets = ("Judul Rahasia", "Puskesmas", "Dinas", scene.author.full_name, scene.author.email)
    assert [secret for secret in secrets if secret in page] == []


def test_public_proof_is_the_same_whatever_was_decided(scene: Scene) -> None:
    submission = scene.submitted()
    address = reverse("proposals:receipt-verify", args=[submission.receipt])
    before = Client().get(address).content.decode().replace("server-time", "")

    services.screen_submission(
        submission, verdict="failed", reasons=["too_young"], by=scene.organizer, at=make.NOON
    )

    after = Client().get(address).content.decode().replace("server-time", "")
    assert main_of(after) == main_of(before)


def main_of(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")]


@pytest.mark.parametrize("number", ["KIPP-2020-9999", "<script>", "x" * 500, "../.."])
def test_unknown_receipt_is_a_friendly_404(scene: Scene, number: str) -> None:
    address = reverse("proposals:receipt-ask")
    client = Client()

    found = client.get(address, {"receipt": number})

    if found.status_code == 302:
        found = client.get(found["Location"])
    assert found.status_code in {422, 404}
    assert "<script>" not in main_of(found.content.decode())


def test_receipt_pdf_is_one_page(scene: Scene) -> None:
    response = login(scene.author).get(url("receipt-pdf", scene.submitted().proposal_id))

    with pikepdf.open(io.BytesIO(response.content)) as pdf:
        assert len(pdf.pages) == 1
    assert response["Content-Disposition"] == 'attachment; filename="KIPP-2020-0001.pdf"'


def test_admin_shows_no_text(scene: Scene) -> None:
    proposal = scene.draft()
    admin = make.user(is_staff=True, is_superuser=True)
    address = reverse("admin:proposals_proposal_change", args=[proposal.pk])

    response = login(admin).get(address)

    assert response.status_code in {200, 302}
    assert "satu dua tiga" not in response.content.decode()
