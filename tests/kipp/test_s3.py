"""Uploads on an S3 service: the portal's own settings against a real server."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from kipp.janitor import files_in_use
from kipp.lib.files import has_file, open_file, store_file
from kipp.lib.sweeping import list_orphans, remove_orphans
from proposals import services
from proposals.invariants import files_are_there
from proposals.models import Attachment, Upload
from proposals.queries.files import blobs_in_use
from tests import make
from tests.buckets import S3Server, collect_buffers, use_bucket
from tests.lib.samples import jpg_file, large_pdf, pdf_file
from tests.proposals.parts import Sending
from tests.proposals.scene import Scene, city_scene

MB = 1024 * 1024


@pytest.fixture(scope="session")
def s3_address() -> Iterator[str]:
    server = S3Server()
    yield server.address
    server.stop()


@pytest.fixture(autouse=True)
def bucket(s3_address: str, settings: Settings, request: pytest.FixtureRequest) -> Iterator[str]:
    """A bucket of the test's own, and the storage as the settings build it for one."""
    name = "kipp-" + hashlib.sha256(request.node.name.encode()).hexdigest()[:20]
    use_bucket(name, at=s3_address, settings=settings)
    yield name
    collect_buffers()


@pytest.fixture
def service(settings: Settings, request: pytest.FixtureRequest) -> Iterator[S3Server]:
    made = S3Server()
    name = "pergi-" + hashlib.sha256(request.node.name.encode()).hexdigest()[:20]
    use_bucket(name, at=made.address, settings=settings)
    yield made
    made.stop()


@pytest.fixture
def scene(db: None) -> Scene:
    return city_scene()


def test_file_is_stored_once_and_read_back() -> None:
    content = b"isi berkas" * 200_000

    first, again = store_file(BytesIO(content)), store_file(BytesIO(content))

    assert first == again
    assert first.sha256 == hashlib.sha256(content).hexdigest()
    assert has_file(first.sha256)
    assert not has_file("0" * 64)
    with open_file(first.sha256) as stream:
        assert stream.read() == content


def test_orphans_are_listed_and_deleted() -> None:
    known, lost = store_file(BytesIO(b"dipakai")), store_file(BytesIO(b"yatim"))
    soon = timezone.now() + timedelta(minutes=1)

    assert list(list_orphans({known.sha256}, before=soon - timedelta(hours=1))) == []
    assert list(list_orphans({known.sha256}, before=soon)) == [lost.key]
    default_storage.delete(lost.key)
    assert list(list_orphans({known.sha256}, before=soon)) == []


def upload(client: Client, proposal_pk: int, *, name: str, content: bytes) -> int:
    address = reverse("proposals:attachment-upload", args=[proposal_pk, "foto"])
    data = {"file": SimpleUploadedFile(name, content), "end": "1"}
    return client.post(address, data).status_code


def body_of(client: Client, name: str, *args: object) -> tuple[int, str, bytes]:
    answer = client.get(reverse(f"proposals:{name}", args=args))
    return answer.status_code, answer.headers["Content-Type"], answer.getvalue()


def test_upload_travels_from_the_author_to_the_committee(client: Client, scene: Scene) -> None:
    proposal = scene.draft()
    client.force_login(scene.author)

    assert upload(client, proposal.pk, name="foto.jpg", content=jpg_file()) == 302
    photo = Attachment.objects.get()
    status, kind, body = body_of(client, "attachment-file", proposal.pk, photo.pk)
    small = body_of(client, "attachment-thumbnail", proposal.pk, photo.pk)

    assert (status, kind) == (200, "image/jpeg")
    assert hashlib.sha256(body).hexdigest() == photo.sha256
    assert (small[0], small[1], small[2][:4]) == (200, "image/webp", b"RIFF")
    services.send_for_endorsement(proposal, by=scene.author, at=make.NOON)
    client.force_login(scene.chair)
    gone = client.get(reverse("proposals:attachment-file", args=[proposal.pk, photo.pk]))
    assert gone.status_code in {403, 404}
    assert list(files_are_there(timezone.now())) == []
    assert set(blobs_in_use()) == {photo.sha256, photo.thumbnail_sha256}
    soon = timezone.now() + timedelta(minutes=1)
    assert list(list_orphans(set(blobs_in_use()), before=soon)) == []


def test_lie_about_the_type_reaches_no_bucket(client: Client, scene: Scene) -> None:
    proposal = scene.draft()
    client.force_login(scene.author)

    assert upload(client, proposal.pk, name="foto.jpg", content=pdf_file()) == 422
    soon = timezone.now() + timedelta(minutes=1)
    assert list(list_orphans(set(), before=soon)) == []


def test_lost_object_is_a_missing_page_and_a_broken_promise(client: Client, scene: Scene) -> None:
    proposal = scene.draft()
    client.force_login(scene.author)
    upload(client, proposal.pk, name="foto.jpg", content=jpg_file())
    photo = Attachment.objects.get()

    default_storage.delete(f"files/{photo.sha256[:2]}/{photo.sha256[2:4]}/{photo.sha256}")

    assert body_of(client, "attachment-file", proposal.pk, photo.pk)[0] == 404
    assert len(list(files_are_there(timezone.now()))) == 1


def test_file_in_parts_goes_on_after_a_break_and_leaves_no_part(scene: Scene) -> None:
    make.slot(scene.track, "bukti", kind="pdf", max_mb=4)
    client = Client()
    client.force_login(scene.author)
    way = Sending(client, scene.draft().pk, "bukti", large_pdf(megabytes=3), "bukti.pdf")
    way.begin()
    way.put(0, MB)
    cut = way.put(MB, 2 * MB, part=way.content[MB : MB + 1000])

    assert (cut.status_code, way.offset()) == (460, MB)
    way.put(MB, 2 * MB)
    way.put(2 * MB, None)
    assert way.finish().status_code == 200
    with open_file(Attachment.objects.get().sha256) as stream:
        assert stream.read() == way.content
    assert default_storage.listdir("partial") == ([], [])


def test_sweep_spares_what_a_row_names_and_what_was_begun(scene: Scene) -> None:
    client = Client()
    client.force_login(scene.author)
    proposal = scene.draft().pk
    begun, given_up = (Sending(client, proposal, "foto", jpg_file(width)) for width in (64, 80))
    for way in (begun, given_up):
        way.begin()
        way.put(0, None)
    Sending(client, proposal, "foto", jpg_file(96)).send()
    Upload.objects.filter(expected_sha256=given_up.sha256).delete()
    store_file(BytesIO(b"yatim"))

    orphans = list(list_orphans(files_in_use(), before=timezone.now() + timedelta(hours=1)))

    assert remove_orphans(orphans, in_use=files_in_use) == len(orphans) == 2
    assert begun.finish().status_code == 200
    assert list(files_are_there(timezone.now())) == []


AWAY = "The service that keeps the files does not answer."


def test_service_that_is_gone_refuses_a_file_with_a_sentence_and_keeps_texts(
    client: Client, scene: Scene, service: S3Server
) -> None:
    proposal = scene.draft()
    client.force_login(scene.author)
    address = reverse("proposals:attachment-upload", args=[proposal.pk, "foto"])
    service.stop()

    data = {"file": SimpleUploadedFile("foto.jpg", jpg_file()), "end": "1"}
    refused = client.post(address, data)
    save = reverse("proposals:section-autosave", args=[proposal.pk, "ringkasan"])
    saved = client.post(save, {"text": "tetap tersimpan", "version": 1})

    assert (refused.status_code, AWAY in refused.content.decode()) == (503, True)
    assert (saved.status_code, Attachment.objects.count()) == (200, 0)
    service.come_back()
    assert upload(client, proposal.pk, name="foto.jpg", content=jpg_file()) == 302


def test_archive_whose_files_are_out_of_reach_is_a_sentence_and_no_half(
    client: Client, scene: Scene, service: S3Server
) -> None:
    proposal = scene.draft()
    client.force_login(scene.author)
    assert upload(client, proposal.pk, name="foto.jpg", content=jpg_file()) == 302
    service.stop()

    refused = client.get(reverse("proposals:proposal-dossier", args=[proposal.pk]))

    assert (refused.status_code, refused.streaming) == (503, False)


def test_service_that_is_gone_in_the_middle_of_a_file_costs_no_part_of_it(
    scene: Scene, service: S3Server
) -> None:
    make.slot(scene.track, "bukti", kind="pdf", max_mb=4)
    client = Client(headers={"accept": "application/json"})
    client.force_login(scene.author)
    way = Sending(client, scene.draft().pk, "bukti", large_pdf(megabytes=2), "bukti.pdf")
    way.begin()
    way.put(0, MB)
    service.stop()

    cut = way.put(MB, None)

    assert (cut.status_code, way.offset()) == (503, MB)
    assert cut.json() == {
        "error": "Files cannot be reached now. What has arrived is kept; try again later."
    }
    service.come_back()
    for start in range(MB, len(way.content), MB):
        way.put(start, start + MB)
    service.stop()
    assert (way.finish().status_code, Attachment.objects.count()) == (503, 0)
    service.come_back()
    assert (way.finish().status_code, Attachment.objects.count()) == (200, 1)


def test_file_of_a_service_that_is_gone_is_told_not_missing(
    client: Client, scene: Scene, service: S3Server
) -> None:
    proposal = scene.draft()
    client.force_login(scene.author)
    upload(client, proposal.pk, name="foto.jpg", content=jpg_file())
    place = reverse("proposals:attachment-file", args=[proposal.pk, Attachment.objects.get().pk])
    service.stop()

    answer = client.get(place)

    assert (answer.status_code, AWAY in answer.content.decode()) == (503, True)
    assert answer.headers["Retry-After"] == "30"
    service.come_back()
    assert client.get(place).status_code == 200
