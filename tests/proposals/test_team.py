"""The team and its letters: names go out, NIPs stay with who may read them."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from uuid import uuid4

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from docx import Document

from accounts.audit import trail_of
from accounts.models import User
from competitions.models import AttachmentSlot
from competitions.statements import PARTS, WORDS, check_statement
from kipp.lib.documents import render_document
from proposals import services
from proposals.letter_exports import letter_docx, letter_pdf
from proposals.models import Proposal, TeamMember
from proposals.queries.lines import letter_facts, team_of, teams_of
from proposals.statements import blocks_of
from tests import make
from tests.clients import signed_in
from tests.proposals.scene import Scene
from tests.proposals.test_ledger import added

NAME, NIP = "Dr. Hj. Siti Aminah, S.Kep., Ns.", "198001012005012001"
LETTER = (
    "Yang bertanda tangan:\n{penandatangan}\nmenyatakan inovasi {inovasi} dari {unit}:\n"
    "{tim}\n{dampak}\nDemikian untuk {kompetisi}, {tahun}, {kategori}, {mulai}, {kelompok},"
    " {judul}, {perangkat_daerah}."
)


def member(proposal: Proposal, by: User, **facts: str) -> TeamMember:
    found = TeamMember(proposal=proposal, **{"name": NAME, "role": "Ketua", "nip": NIP, **facts})
    services.add_line(found, by=by, at=make.NOON)
    return found


def letter_slot(scene: Scene, text: str = LETTER) -> AttachmentSlot:
    return make.slot(scene.track, "surat", kind="pdf", label="Surat Pernyataan", statement=text)


def url(name: str, *args: object) -> str:
    return reverse(f"proposals:{name}", args=args)


@pytest.mark.parametrize(
    "typed", [NIP, "19800101 200501 2 001", "1980.0101-200501\u00a02\u200b001"]
)
def test_nip_is_taken_with_any_spacing(scene: Scene, typed: str) -> None:
    proposal = scene.draft()

    answer = signed_in(scene.author).post(
        url("member-list", proposal.pk), {"name": NAME, "role": "Ketua", "nip": typed}
    )

    assert answer.status_code == 302
    assert [(each.name, each.nip) for each in team_of(proposal)] == [(NAME, NIP)]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("nip", "123"),
        ("nip", "198013012005012001"),
        ("name", ""),
        ("name", "x" * 151),
        ("role", ""),
    ],
)
def test_wrong_member_answers_422_and_keeps_what_was_typed(
    scene: Scene, field: str, value: str
) -> None:
    proposal = scene.draft()
    data = {"name": NAME, "role": "Pengelola data", "nip": "", field: value}

    answer = signed_in(scene.author).post(url("member-list", proposal.pk), data)

    kept = "Pengelola data" if field != "role" else NAME
    assert answer.status_code == 422
    assert f'value="{kept}"' in answer.content.decode()
    assert team_of(proposal) == []


def test_names_are_sealed_and_nips_are_not(scene: Scene) -> None:
    proposal = scene.draft()
    member(proposal, scene.author)
    services.describe_proposal(
        proposal,
        header={"signer_name": "Drs. Kepala", "signer_nip": NIP},
        version=proposal.version,
        by=scene.author,
        at=make.NOON,
    )
    services.send_for_endorsement(proposal, by=scene.author, at=make.NOON)
    sent = services.submit_proposal(proposal, token=uuid4(), by=scene.endorser, at=make.NOON)

    assert sent.content["team"] == [{"name": NAME, "role": "Ketua"}]
    assert NIP not in str(sent.content)
    assert all(NIP not in str(entry.data) for entry in trail_of(proposal))


def test_conflicts_are_searched_in_one_question(
    scene: Scene, django_assert_num_queries: Any
) -> None:
    first, second = scene.draft(), scene.draft()
    member(first, scene.author)
    member(second, scene.author, name="Budi", nip="")

    with django_assert_num_queries(1):
        found = teams_of([first.pk, second.pk])

    assert {pk: [each.name for each in team] for pk, team in found.items()} == {
        first.pk: [NAME],
        second.pk: ["Budi"],
    }


def test_docx_says_what_the_proposal_says(scene: Scene) -> None:
    proposal, slot = scene.draft("Antrean {unit} <b>"), letter_slot(scene)
    member(proposal, scene.author)
    added(scene, proposal)

    document = Document(BytesIO(letter_docx(slot, letter_facts(proposal), at=make.NOON)))

    text = "\n".join(each.text for each in document.paragraphs)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert "menyatakan inovasi Antrean {unit} <b> dari Puskesmas Janti:" in text
    assert NAME in cells
    assert "19800101 200501 2 001" in cells
    assert "1.095,5 menit" in cells


def test_docx_takes_what_xml_cannot(scene: Scene) -> None:
    proposal = scene.draft("Rusak \uffff")

    content = letter_docx(letter_slot(scene), letter_facts(proposal), at=make.NOON)

    assert Document(BytesIO(content)).paragraphs


def test_pdf_is_one_page_and_the_same_twice(scene: Scene) -> None:
    proposal, slot = scene.draft(), letter_slot(scene)
    member(proposal, scene.author)
    added(scene, proposal)

    once = letter_pdf(slot, letter_facts(proposal), at=make.NOON)

    assert once == letter_pdf(slot, letter_facts(proposal), at=make.NOON)
    with pikepdf.open(BytesIO(once)) as pdf:
        assert (len(pdf.pages), str(pdf.docinfo["/Title"])) == (1, "Surat Pernyataan")


@pytest.mark.parametrize(
    ("form", "start"), [("docx", b"PK"), ("pdf", b"%PDF-"), ("f4.pdf", b"%PDF-")]
)
@pytest.mark.parametrize("role", ["author", "endorser"])
def test_letter_is_for_the_unit_and_its_endorser(
    scene: Scene, role: str, form: str, start: bytes
) -> None:
    proposal, slot = scene.draft(), letter_slot(scene)

    answer = signed_in(getattr(scene, role)).get(url("letter-file", proposal.pk, slot.key, form))

    assert answer.status_code == 200
    assert answer.content.startswith(start)
    assert answer["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("role", ["organizer", "auditor"])
def test_letter_is_not_for_the_committee(scene: Scene, role: str) -> None:
    letter_slot(scene)
    sent = scene.submitted()

    answer = signed_in(getattr(scene, role)).get(
        url("letter-file", sent.proposal_id, "surat", "pdf")
    )

    assert answer.status_code == 403


@pytest.mark.parametrize(("key", "form"), [("foto", "pdf"), ("surat", "exe"), ("lain", "pdf")])
def test_letter_that_nobody_asked_for_is_not_found(scene: Scene, key: str, form: str) -> None:
    letter_slot(scene)

    answer = signed_in(scene.author).get(url("letter-file", scene.draft().pk, key, form))

    assert answer.status_code == 404


def test_signer_is_named_in_the_letter_and_missing_scans_are_told(scene: Scene) -> None:
    proposal, slot = scene.draft(), letter_slot(scene)
    AttachmentSlot.objects.filter(pk=slot.pk).update(is_required=True)
    client = signed_in(scene.author)
    data = {"version": "1", "signer_name": "Drs. Kepala, M.Si.", "signer_nip": NIP}

    saved = client.post(url("letter-list", proposal.pk), data)

    page = client.get(url("letter-list", proposal.pk)).content.decode()
    proposal.refresh_from_db()
    [block, *_rest] = [
        each for each in blocks_of(LETTER, letter_facts(proposal)) if each["kind"] == "facts"
    ]
    assert saved.status_code == 302
    assert "Signed scan missing" in page
    assert ["Name", "Drs. Kepala, M.Si."] in block["rows"]  # type: ignore[operator]
    assert client.post(url("letter-list", proposal.pk), data).status_code == 409


@pytest.mark.parametrize(
    "text",
    [
        "{rahasia}",
        "Nama {tim} di sini",
        "Kurung { saja",
        "{{ settings.SECRET_KEY }}",
        "{judul.__class__}",
        "x" * 6001,
    ],
)
def test_text_with_other_placeholders_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        check_statement(text)


def test_text_with_every_known_placeholder_is_taken() -> None:
    words = " ".join(f"{{{name}}}" for name in WORDS)
    parts = "\n".join(f"{{{name}}}" for name in PARTS)

    check_statement(f"{words}\n{parts}")


def test_what_a_unit_typed_is_no_placeholder(scene: Scene) -> None:
    proposal = scene.draft("{tim} {{ 7 }} {perangkat_daerah}")

    [block] = blocks_of("Judul {judul}", letter_facts(proposal))

    assert block == {"kind": "text", "text": f"Judul {proposal.title}"}


def test_document_without_a_claim_is_drawn_too() -> None:
    data = {
        "site": "Portal",
        "title": "Surat",
        "agency": "Dinas",
        "unit": "Dinas",
        "blocks": [{"kind": "claims", "head": ["a", "b", "c", "d"], "rows": []}],
        "place": "Malang",
        "position": "Kepala",
        "signer": "....",
        "nip": "NIP",
        "stamp": "cap",
        "paper": [210, 297],
    }

    assert render_document("letter", data, at=make.NOON).startswith(b"%PDF-")
