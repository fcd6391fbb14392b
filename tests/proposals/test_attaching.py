from __future__ import annotations

from io import BytesIO
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from accounts.audit import trail_of
from competitions.models import AttachmentSlot
from kipp.lib.files import has_file, open_file
from proposals import services
from proposals.models import Attachment, Proposal
from proposals.queries.files import attachment_of, blobs_in_use
from tests import make
from tests.lib.samples import encrypted_pdf, jpg_file, pdf_file, png_file
from tests.proposals.scene import Scene
from tests.proposals.test_endorsing import refusal


def attach(
    scene: Scene,
    proposal: Proposal,
    content: bytes,
    *,
    name: str = "foto.jpg",
    slot: AttachmentSlot | None = None,
) -> Attachment:
    return services.attach_file(
        proposal,
        slot=slot or scene.photo,
        file=BytesIO(content),
        name=name,
        by=scene.author,
        at=make.NOON,
    )


def test_photo_is_stored_with_a_thumbnail_and_recorded(scene: Scene) -> None:
    proposal = scene.draft()

    attachment = attach(scene, proposal, jpg_file(800, 600), name="../../Foto “lansia”.JPG")

    assert (attachment.name, attachment.media_type) == ("Foto lansia.jpg", "image/jpeg")
    assert has_file(attachment.sha256)
    assert has_file(attachment.thumbnail_sha256)
    with open_file(attachment.sha256) as stored:
        assert len(stored.read()) == attachment.size
    assert [entry.action for entry in trail_of(proposal)] == ["proposal.attached"]


def test_pdf_keeps_its_pages(scene: Scene) -> None:
    slot = make.slot(scene.track, "surat", kind="pdf")

    attachment = attach(scene, scene.draft(), pdf_file(pages=3), name="Surat.pdf", slot=slot)

    assert (attachment.page_count, attachment.thumbnail_sha256) == (3, "")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "kosong.jpg"),
        (b"GIF89a" + b"x" * 40, "gambar.jpg"),
        (jpg_file()[:200], "terpotong.jpg"),
        (pdf_file(), "surat.pdf"),
        (pdf_file(), "menyamar.jpg"),
        (png_file(), "menyamar.jpg"),
        (encrypted_pdf(password="x"), "terkunci.pdf"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "gambar.png"),
        (b"\xff\xd8\xff" + b"x" * (2 * 1024 * 1024), "besar.jpg"),
        (b"\0" * 100, "a\0b.jpg"),
    ],
)
def test_what_is_no_photo_is_refused_and_leaves_nothing(
    scene: Scene, content: bytes, name: str
) -> None:
    with pytest.raises(ValidationError) as error:
        attach(scene, scene.draft(), content, name=name)

    assert error.value.messages[0]
    assert Attachment.objects.count() == 0


def test_same_file_twice_and_too_many_are_refused(scene: Scene) -> None:
    proposal = scene.draft()
    attach(scene, proposal, jpg_file(50))
    with pytest.raises(ValidationError):
        attach(scene, proposal, jpg_file(50))
    attach(scene, proposal, jpg_file(60))

    assert refusal(lambda: attach(scene, proposal, jpg_file(70))) == "full"
    assert proposal.attachments.count() == 2


def test_slot_of_another_form_is_refused(scene: Scene) -> None:
    foreign = make.slot(make.track(scene.competition, "khusus"))
    proposal = scene.draft()

    assert refusal(lambda: attach(scene, proposal, jpg_file(), slot=foreign)) == "foreign"


def test_nothing_is_attached_or_removed_once_it_was_sent(scene: Scene) -> None:
    proposal = scene.draft()
    attachment = attach(scene, proposal, jpg_file())
    services.send_for_endorsement(proposal, by=scene.author, at=make.NOON)

    def detach() -> None:
        services.detach_file(attachment, by=scene.author, at=make.NOON)

    assert refusal(lambda: attach(scene, proposal, jpg_file(70))) == "not_now"
    assert refusal(detach) == "not_now"


def test_submitted_file_outlives_its_removal_from_the_draft(scene: Scene) -> None:
    proposal = scene.draft()
    attachment = attach(scene, proposal, jpg_file())
    services.send_for_endorsement(proposal, by=scene.author, at=make.NOON)
    submission = services.submit_proposal(proposal, token=uuid4(), by=scene.endorser, at=make.NOON)
    services.screen_submission(
        submission,
        verdict="completion",
        reasons=["bad_attachment"],
        due_at=make.NOON + make.DAY,
        unlocked=["slot:foto"],
        by=scene.organizer,
        at=make.NOON,
    )

    services.detach_file(Attachment.objects.get(pk=attachment.pk), by=scene.author, at=make.NOON)

    assert not proposal.attachments.exists()
    file = attachment_of(submission, attachment.sha256)
    assert file is not None
    assert set(blobs_in_use()) == {file["sha256"], file["thumbnail_sha256"]}
    assert attachment_of(submission, "0" * 64) is None
