"""Files in parts over HTTP: any order of breaks and repetitions ends in the same attachment."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Membership
from kipp.lib.files import has_file, open_file
from proposals.models import Attachment, Upload
from proposals.services import expire_uploads
from proposals.services.uploading import KEPT, MAX_UNFINISHED
from tests import make
from tests.clients import signed_in
from tests.lib.samples import jpg_file, large_pdf, pdf_file
from tests.proposals.parts import TUS, Sending
from tests.proposals.scene import Scene

pytestmark = [pytest.mark.django_db]
MB = 1024 * 1024


@pytest.fixture(params=["disk", "remote"])
def storage(request: pytest.FixtureRequest, settings: Settings) -> str:
    if request.param == "remote":
        settings.STORAGES = {
            **settings.STORAGES,
            "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        }
    return str(request.param)


def sending(scene: Scene, content: bytes, *, name: str = "bukti.pdf", **limits: int) -> Sending:
    slot = make.slot(scene.track, "bukti", kind="pdf", **{"max_mb": 6, "max_count": 3, **limits})
    return Sending(signed_in(scene.author), scene.draft().pk, slot.key, content, name)


def parts_left() -> list[str]:
    try:
        return default_storage.listdir("partial")[0]
    except FileNotFoundError:
        return []


def error(response: object) -> str:
    return str(response.json()["error"])  # type: ignore[attr-defined]


def test_file_in_parts_becomes_the_attachment_that_the_form_would_make(
    scene: Scene, storage: str
) -> None:
    content = large_pdf(megabytes=3, pages=4)
    way = sending(scene, content, name="../../Bukti “dampak”.PDF")

    response = way.send()

    attachment = Attachment.objects.get()
    assert response.json() == {"message": "“Bukti dampak.pdf” is attached."}
    assert (attachment.name, attachment.page_count, attachment.size) == (
        "Bukti dampak.pdf",
        4,
        len(content),
    )
    assert (attachment.sha256, attachment.uploaded_by) == (way.sha256, scene.author)
    with open_file(attachment.sha256) as stored:
        assert stored.read() == content
    assert parts_left() == []


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_cut_part_leaves_nothing_and_the_next_try_goes_on(scene: Scene, share: float) -> None:
    way = sending(scene, large_pdf(megabytes=3))
    way.begin()
    way.put(0, MB)
    cut = way.content[MB : MB + int(share * MB)]

    broken = way.put(MB, 2 * MB, part=cut)

    assert (broken.status_code, way.offset()) == (460, MB)
    way.put(MB, 2 * MB)
    way.put(2 * MB, None)
    assert way.finish().status_code == 200
    assert Attachment.objects.get().sha256 == way.sha256


def test_same_part_again_is_told_what_comes_next(scene: Scene) -> None:
    way = sending(scene, large_pdf(megabytes=2))
    way.begin()
    way.put(0, MB)

    again, ahead = way.put(0, MB), way.put(MB + 5, None)

    assert (again.status_code, ahead.status_code, way.offset()) == (409, 409, MB)


def test_random_breaks_and_repetitions_give_the_same_file(scene: Scene, storage: str) -> None:
    chance = random.Random(7)
    way = sending(scene, large_pdf(megabytes=2))
    way.begin()

    while (offset := way.offset()) < len(way.content):
        start = chance.choice([offset, offset, max(0, offset - 1000), offset + 10])
        way.put(start, start + chance.randint(1, MB // 3))

    assert way.finish().status_code == 200
    assert Attachment.objects.get().sha256 == way.sha256


def test_file_begun_again_is_the_upload_that_was_begun_before(scene: Scene) -> None:
    way = sending(scene, large_pdf(megabytes=2))
    first = way.begin()["Location"]
    way.put(0, MB)

    assert (way.begin()["Location"], way.offset()) == (first, MB)
    assert Upload.objects.count() == 1


def test_finish_asked_twice_answers_the_same(scene: Scene, storage: str) -> None:
    way = sending(scene, pdf_file())
    first = way.send()

    again = way.finish()

    assert (again.status_code, again.json()) == (200, first.json())
    assert Attachment.objects.count() == 1


def test_unfinished_file_is_not_attached(scene: Scene) -> None:
    way = sending(scene, large_pdf(megabytes=2))
    way.begin()
    way.put(0, MB)

    response = way.finish()

    assert (response.status_code, error(response)) == (
        409,
        "Parts of this file are still missing.",
    )
    assert (Attachment.objects.count(), way.offset()) == (0, MB)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"%PDF-1.7\n" + b"x" * 4000 + b"\n%%EOF", "The PDF is damaged"),
        (jpg_file(), "A PDF is asked for here."),
        (b"MZ\x90" + b"\0" * 500, "This is no PDF"),
    ],
)
def test_content_is_checked_as_in_the_form_and_nothing_stays(
    scene: Scene, content: bytes, sentence: str
) -> None:
    response = sending(scene, content, name="bukti.pdf").send()

    assert response.status_code == 422
    assert error(response).startswith(sentence)
    assert (Attachment.objects.count(), Upload.objects.count(), parts_left()) == (0, 0, [])


def test_file_that_changed_on_its_way_is_refused(scene: Scene) -> None:
    way = sending(scene, pdf_file())
    way.begin(sha256="0" * 64)
    way.put_all()

    response = way.finish()

    assert (response.status_code, Upload.objects.count()) == (422, 0)
    assert error(response).startswith("The file did not arrive as it left")


@pytest.mark.parametrize(
    ("size", "status", "sentence"),
    [
        (0, 422, "The file is empty. Choose another file."),
        (6 * MB + 1, 413, "The file is larger than 6 MB. Make it smaller and send it again."),
    ],
)
def test_size_is_refused_before_anything_is_sent(
    scene: Scene, size: int, status: int, sentence: str
) -> None:
    response = sending(scene, b"x").begin(size=size)

    assert (response.status_code, error(response)) == (status, sentence)
    assert Upload.objects.count() == 0


def test_part_beyond_the_end_or_too_large_is_refused(scene: Scene) -> None:
    way = sending(scene, b"%PDF-" + b"x" * (2 * MB))
    way.begin(size=100)

    assert [way.put(0, 101).status_code, way.put(0, MB + 1).status_code] == [413, 413]
    assert way.offset() == 0


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 412),
        ({"Tus-Resumable": "0.2"}, 412),
        ({**TUS}, 400),
        ({**TUS, "Upload-Length": "-1"}, 400),
        ({**TUS, "Upload-Length": "1e3"}, 400),
        ({**TUS, "Upload-Length": "9" * 40}, 400),
        ({**TUS, "Upload-Length": "5", "Upload-Metadata": "filename *"}, 400),
    ],
)
def test_headers_that_make_no_sense_are_refused(
    scene: Scene, headers: dict[str, str], status: int
) -> None:
    way = sending(scene, b"x")
    path = f"/proposal/{way.proposal}/lampiran/unggah/bukti/bertahap/"

    assert way.client.post(path, headers=headers).status_code == status
    assert Upload.objects.count() == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"Upload-Offset": "x"},
        {"Upload-Checksum": "md5 YWJj"},
        {"Upload-Checksum": "sha256 *"},
        {"Content-Type": "text/plain"},
    ],
)
def test_part_with_headers_that_make_no_sense_is_refused(
    scene: Scene, changes: dict[str, str]
) -> None:
    way = sending(scene, pdf_file())
    way.begin()

    assert (way.put(0, None, **changes).status_code, way.offset()) == (400, 0)


def test_only_the_one_who_began_it_sees_or_adds(scene: Scene) -> None:
    way = sending(scene, pdf_file())
    way.begin()
    colleague = make.user("Rekan")
    make.membership(colleague, scene.clinic, Membership.Role.AUTHOR)
    page = f"/proposal/{way.proposal}/lampiran/"

    other = Sending(signed_in(colleague), way.proposal, way.slot, way.content, url=way.url)

    statuses = [other.put(0).status_code, other.finish().status_code, other.stop().status_code]
    assert statuses == [404, 404, 404]
    assert [b"Not finished" in c.get(page).content for c in (way.client, other.client)] == [
        True,
        False,
    ]


def test_logged_out_script_learns_so(scene: Scene) -> None:
    way = sending(scene, pdf_file())
    way.begin()
    way.client.logout()

    assert [way.put(0).status_code, way.finish().status_code, way.begin().status_code] == [401] * 3


def test_stopped_upload_leaves_nothing(scene: Scene, storage: str) -> None:
    way = sending(scene, large_pdf(megabytes=2))
    way.begin()
    way.put(0, MB)

    assert way.stop().status_code == 204
    assert (Upload.objects.count(), parts_left(), way.put(MB).status_code) == (0, [], 404)


def test_unfinished_upload_is_removed_by_a_button(scene: Scene) -> None:
    way = sending(scene, pdf_file())
    way.begin()

    response = way.client.post(f"{way.url}hapus/")

    assert response["Location"] == f"/proposal/{way.proposal}/lampiran/"
    assert Upload.objects.count() == 0


def test_number_and_size_of_unfinished_uploads_is_bounded(scene: Scene) -> None:
    way = sending(scene, b"x" * 1000, max_mb=20)
    for number in range(MAX_UNFINISHED):
        assert way.begin(sha256=f"{number:064x}").status_code == 201

    refused = way.begin(sha256="f" * 64)
    Upload.objects.filter(pk__gt=Upload.objects.earliest("pk").pk).delete()
    Upload.objects.update(size=190 * MB)
    too_large = way.begin(sha256="f" * 64, size=11 * MB)

    assert [refused.status_code, too_large.status_code] == [422, 422]
    assert error(refused).startswith("You have too many unfinished uploads.")
    assert way.begin(sha256="f" * 64, size=9 * MB).status_code == 201


def test_full_slot_and_sent_proposal_refuse_in_words(scene: Scene) -> None:
    way = sending(scene, pdf_file(), max_count=1)
    late = Sending(way.client, way.proposal, way.slot, pdf_file(pages=2), "lain.pdf")
    late.begin()
    late.put_all()
    way.send()

    assert [late.finish().status_code, way.begin(sha256="1" * 64).status_code] == [422, 422]
    assert error(late.finish()) == "All 1 places are taken. Remove a file first."
    assert late.offset() == len(late.content)  # what has arrived waits for a free place


def test_unfinished_uploads_expire_a_day_after_their_last_part(scene: Scene, storage: str) -> None:
    way = sending(scene, large_pdf(megabytes=2))
    way.begin()
    way.put(0, MB)
    at = timezone.now()

    assert expire_uploads(at=at + KEPT - timedelta(minutes=1)) == 0
    assert way.offset() == MB
    assert expire_uploads(at=at + KEPT + timedelta(minutes=1)) == 1
    assert (Upload.objects.count(), parts_left()) == (0, [])


def test_attached_file_outlives_the_row_of_its_upload(scene: Scene) -> None:
    sending(scene, pdf_file()).send()

    expire_uploads(at=timezone.now() + KEPT + timedelta(minutes=1))

    assert (Upload.objects.count(), has_file(Attachment.objects.get().sha256)) == (0, True)


def test_parts_lie_where_a_second_node_finds_them(scene: Scene, settings: Settings) -> None:
    way = sending(scene, large_pdf(megabytes=2))
    way.begin()
    way.put(0, MB)

    folder = Path(settings.MEDIA_ROOT) / "partial" / Upload.objects.get().key.hex
    assert [path.name for path in folder.iterdir()] == Upload.objects.get().parts
