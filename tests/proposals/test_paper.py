"""A proposal on paper and in a ZIP: the same for the same content, and nobody reads too much."""

from __future__ import annotations

import hashlib
import io
import json
import tracemalloc
import zipfile
from dataclasses import replace
from random import Random
from uuid import uuid4

import pypdfium2
import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.mail import send_later
from accounts.models import User
from kipp.lib.files import key_of
from kipp.lib.zips import MANIFEST, stream_zip
from proposals import services
from proposals.content import Check, FrozenClaim
from proposals.models import ClaimState, Proposal, Screening, Submission, TeamMember
from proposals.paper import Paper, breakable, paper_pdf
from proposals.queries.freezing import content_of
from tests import make
from tests.clients import signed_in as login
from tests.proposals.scene import Scene
from tests.proposals.test_ledger import added, photo

NIP = "199608182022042001"
MILLIMETRES = 72 / 25.4
HOSTILE = [
    '#read("/etc/passwd") #panic() *tebal* $x^2$ @label <label> ` // /* ]] }} #set page(fill: red)',
    "\u202eterbalik\u202c \u0645\u0631\u062d\u0628\u0627 \u05e9\u05dc\u05d5\u05dd",
    "Senang \U0001f600\U0001f1ee\U0001f1e9 sekali",
    "kata " * 10_000,
    "x" * 5_000,
    "</image></svg>\"'&amp;{{ data }}{% include %}",
]


def pdf_of(client: Client, pk: int, size: str = "a4") -> bytes:
    return client.get(reverse("proposals:proposal-pdf", args=[pk, size])).content


def text_of(content: bytes) -> str:
    pages = pypdfium2.PdfDocument(content)
    return "\n".join(page.get_textpage().get_text_range() for page in pages).replace("\u200b", "")


def zip_of(client: Client, pk: int) -> zipfile.ZipFile:
    response = client.get(reverse("proposals:proposal-dossier", args=[pk]))
    assert response.streaming
    return zipfile.ZipFile(io.BytesIO(response.getvalue()))


def full(scene: Scene) -> Submission:
    """With a photo, a claim and a member who has an NIP."""
    proposal = scene.draft("Antrean <Rumah>")
    photo(scene, proposal)
    added(scene, proposal)
    member = TeamMember(proposal=proposal, name="Dr. Siti", role="Ketua", nip=NIP)
    services.add_line(member, by=scene.author, at=make.NOON)
    services.send_for_endorsement(proposal, by=scene.author, at=make.NOON)
    return services.submit_proposal(proposal, token=uuid4(), by=scene.endorser, at=make.NOON)


def paper_with(scene: Scene, text: str) -> Paper:
    content = content_of(scene.draft(), receipt="")
    content["header"]["title"] = text
    content["sections"][0]["text"] = content["sections"][0]["label"] = text
    content["team"] = [{"name": text, "role": text}]
    return Paper(content=content, competition=scene.competition, at=make.NOON, mark="Draf")


@pytest.mark.parametrize(("size", "width", "height"), [("a4", 210, 297), ("f4", 215, 330)])
def test_draft_is_marked_on_every_page(scene: Scene, size: str, width: int, height: int) -> None:
    proposal = scene.draft()
    content = pdf_of(login(scene.author), proposal.pk, size)

    sides = pypdfium2.PdfDocument(content)[0].get_size()
    assert [round(side / MILLIMETRES) for side in sides] == [width, height]
    assert "Draf" in text_of(content)
    assert "Halaman 1 dari 1" in text_of(content)


def test_sealed_copy_is_the_same_for_everybody_and_forever(scene: Scene) -> None:
    sent = full(scene)
    first = pdf_of(login(scene.author), sent.proposal_id)
    Proposal.objects.filter(pk=sent.proposal_id).update(title="Lain")
    TeamMember.objects.update(name="Orang lain")

    assert first == pdf_of(login(scene.auditor), sent.proposal_id)
    text = text_of(first)
    for told in (sent.receipt, sent.sha256, "Antrean <Rumah>", "Dr. Siti", "Waktu tunggu", "loket"):
        assert told in text
    assert NIP not in text
    assert "Draf" not in text


def test_ledger_says_how_well_each_claim_stands(scene: Scene) -> None:
    check: Check = {"state": "seen", "note": "", "by": "", "at": "", "version": 1}
    paper = replace(paper_with(scene, "Judul"), checks={"3": check})
    claim: FrozenClaim = {
        "key": 1,
        "indicator": "Waktu tunggu",
        "before": "62",
        "after": "15",
        "measure": "menit",
        "better": "lower",
        "period": "2018",
        "method": "buku antre",
        "source": None,
    }
    proven: FrozenClaim = {**claim, "key": 2, "source": {"name": "a.pdf", "sha256": "0" * 64}}
    paper.content["claims"] = [claim, proven, {**proven, "key": 3}]

    text = text_of(paper_pdf(paper, size="a4"))

    with translation.override("id"):
        states = (ClaimState.CLAIMED, ClaimState.DOCUMENTED, ClaimState.SEEN)
        assert [text.count(str(state.label)) for state in states] == [1, 1, 1]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_and_never_run(scene: Scene, text: str) -> None:
    made = text_of(paper_pdf(paper_with(scene, text), size="f4"))

    assert f"dari {len(made.split('Halaman')) - 1}" in made
    if text.isascii():
        flat = "".join(made.split())
        assert "".join(text[:200].split()) in flat


@pytest.mark.parametrize("run", ["x" * 24, "satu dua", ""])
def test_what_fits_is_left_as_it_is(run: str) -> None:
    assert breakable(run) == run


def test_unknown_size_is_not_found(scene: Scene) -> None:
    url = reverse("proposals:proposal-pdf", args=[scene.draft().pk, "a3"])

    assert login(scene.author).get(url).status_code == 404


def test_draft_is_for_the_unit_alone(scene: Scene) -> None:
    pk = scene.draft().pk

    for name, args in (("proposal-pdf", [pk, "a4"]), ("proposal-dossier", [pk])):
        url = reverse(f"proposals:{name}", args=args)
        assert login(scene.organizer).get(url).status_code == 404
        assert login(make.user()).get(url).status_code == 404


def test_committee_reads_what_it_received_while_the_unit_completes_it(scene: Scene) -> None:
    sent = full(scene)
    Proposal.objects.filter(pk=sent.proposal_id).update(
        status="completion", completion_due_at=make.NOON, title="Judul yang diperbaiki"
    )

    assert "diperbaiki" not in text_of(pdf_of(login(scene.chair), sent.proposal_id))
    assert "diperbaiki" in text_of(pdf_of(login(scene.author), sent.proposal_id))


def test_dossier_proves_every_entry(scene: Scene) -> None:
    sent = full(scene)
    archive = zip_of(login(scene.auditor), sent.proposal_id)

    assert archive.testzip() is None
    lines = archive.read(MANIFEST).decode().splitlines()
    sums = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    assert set(sums) == set(archive.namelist()) - {MANIFEST}
    for name, digest in sums.items():
        assert hashlib.sha256(archive.read(name)).hexdigest() == digest
    frozen = archive.read(f"kirim/{sent.receipt}/isi.json")
    assert hashlib.sha256(frozen).hexdigest() == sent.sha256
    photo_name = next(name for name in sums if name.startswith("lampiran/"))
    assert photo_name == "lampiran/01-foto-loket.jpg"
    assert sums[photo_name] == sent.content["files"][0]["sha256"]


def test_owner_gets_no_note_of_the_committee(scene: Scene) -> None:
    sent = full(scene)
    verdict, reasons = Screening.Verdict.FAILED, ["incomplete"]
    services.screen_submission(
        sent, verdict=verdict, reasons=reasons, note="Kurang.", by=scene.organizer, at=make.NOON
    )
    theirs = zip_of(login(scene.chair), sent.proposal_id)
    own = zip_of(login(scene.author), sent.proposal_id)

    assert {name for name in theirs.namelist() if name not in own.namelist()} == {
        "panitia/pendapat.json",
        "panitia/temuan-klaim.json",
    }
    [decision] = json.loads(own.read("keputusan.json"))
    assert decision["note"] == "Kurang."
    assert scene.organizer.full_name not in own.read("keputusan.json").decode()
    assert scene.organizer.full_name in theirs.read("keputusan.json").decode()
    assert "surat-keputusan.pdf" in own.namelist()
    assert scene.author.email in own.read("surel.csv").decode()


def test_mail_to_a_stranger_is_for_the_committee_only(scene: Scene) -> None:
    sent, stranger = full(scene), make.user()
    send_later(
        "proposal_withdrawn",
        stranger,
        dedupe_key="x",
        at=make.NOON,
        context={"proposal": sent.proposal, "competition": scene.competition},
        about=sent.proposal,
    )

    def told(reader: User) -> str:
        return zip_of(login(reader), sent.proposal_id).read("surel.csv").decode()

    assert stranger.email in told(scene.auditor)
    assert stranger.email not in told(scene.author)


def test_missing_content_is_named_and_breaks_nothing(scene: Scene) -> None:
    sent = full(scene)
    default_storage.delete(key_of(sent.content["files"][0]["sha256"]))

    names = zip_of(login(scene.author), sent.proposal_id).namelist()
    assert "lampiran/01-foto-loket.jpg.hilang.txt" in names


def test_stream_holds_chunks_and_not_files() -> None:
    """A hundred megabytes that do not shrink go through a few hundred kilobytes."""
    block = Random(7).randbytes(1024 * 1024)
    entries = [(f"{number}.bin", (block for _ in range(25))) for number in range(4)]
    tracemalloc.start()
    sizes = [len(part) for part in stream_zip(entries, at=make.NOON)]
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert sum(sizes) > 100 * 1024 * 1024
    assert max(sizes) < 2 * 1024 * 1024
    assert peak < 12 * 1024 * 1024
