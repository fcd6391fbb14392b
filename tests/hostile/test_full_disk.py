"""No room for files: the person reads so, nothing half stays, texts are saved, and it passes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from kipp.janitor import sweep_files
from proposals.models import Answer, Attachment
from tests import make
from tests.disks import MEGABYTE, Disk, small_disk
from tests.lib.samples import large_pdf
from tests.proposals.parts import Sending
from tests.proposals.scene import Scene, city_scene

pytestmark = pytest.mark.django_db

NO_ROOM = "The server has no room for files now. Your text is safe; try the file again later."
CONTENT = large_pdf(megabytes=4)


class Author:
    """What the author of one draft does."""

    def __init__(self, scene: Scene) -> None:
        make.slot(scene.track, "bukti", kind="pdf", max_mb=9, max_count=3)
        self.client = Client()
        self.client.force_login(scene.author)
        self.pk = scene.draft().pk

    def upload(self) -> tuple[int, bool]:
        data = {"file": SimpleUploadedFile("bukti.pdf", CONTENT), "end": "1"}
        url = reverse("proposals:attachment-upload", args=[self.pk, "bukti"])
        response = self.client.post(url, data)
        return response.status_code, NO_ROOM in response.content.decode()

    def save(self, text: str) -> None:
        url = reverse("proposals:section-autosave", args=[self.pk, "ringkasan"])
        answer = Answer.objects.get(proposal=self.pk, section__key="ringkasan")
        response = self.client.post(url, {"text": text, "version": answer.version})
        assert response.status_code == 200
        assert Answer.objects.get(pk=answer.pk).text == text


@pytest.fixture
def author(db: None) -> Author:
    return Author(city_scene())


@pytest.fixture
def media(settings: Settings) -> Iterator[Disk]:
    with small_disk(Path(settings.MEDIA_ROOT)) as disk:
        yield disk


@pytest.fixture
def temporary(settings: Settings, tmp_path: Path) -> Iterator[Disk]:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "temporary")
    with small_disk(tmp_path / "temporary") as disk:
        yield disk


def files_in(disk: Disk) -> list[Path]:
    return [path for path in disk.folder.rglob("*") if path.is_file() and path not in disk.fillers]


@pytest.mark.parametrize("free", [0, MEGABYTE, 3 * MEGABYTE])
def test_full_storage_refuses_files_and_keeps_texts(author: Author, media: Disk, free: int) -> None:
    media.fill(free=free)

    assert author.upload() == (422, True)
    assert files_in(media) == []
    author.save("tetap tersimpan")

    media.free()
    assert author.upload() == (302, False)
    assert Attachment.objects.count() == 1
    assert sweep_files(at=timezone.now() + timedelta(days=2)) == 0


def test_storage_without_names_for_new_files_says_the_same(author: Author, media: Disk) -> None:
    media.use_up_names()

    assert author.upload() == (422, True)
    author.save("tetap tersimpan")

    media.free()
    assert author.upload() == (302, False)


def test_part_that_finds_no_room_is_sent_again_later(author: Author, media: Disk) -> None:
    way = Sending(author.client, author.pk, "bukti", CONTENT, "bukti.pdf")
    way.begin()
    way.put(0, MEGABYTE)
    media.fill(free=MEGABYTE // 2)

    refused = way.put(MEGABYTE, 2 * MEGABYTE)

    assert (refused.status_code, refused.json(), way.offset()) == (
        507,
        {"error": NO_ROOM},
        MEGABYTE,
    )
    media.free()
    for start in range(MEGABYTE, len(CONTENT), MEGABYTE):
        way.put(start, start + MEGABYTE)
    assert way.finish().status_code == 200
    assert len(files_in(media)) == 1


@pytest.mark.parametrize("free", [0, MEGABYTE])
def test_full_temporary_folder_refuses_files_and_keeps_texts(
    author: Author, temporary: Disk, free: int
) -> None:
    temporary.fill(free=free)

    assert author.upload() == (422, True)
    assert files_in(temporary) == []
    author.save("tetap tersimpan")

    temporary.free()
    assert author.upload() == (302, False)


def test_temporary_folder_without_names_says_the_same(author: Author, temporary: Disk) -> None:
    temporary.use_up_names()

    assert author.upload() == (422, True)

    temporary.free()
    assert author.upload() == (302, False)


@pytest.mark.parametrize(("megabytes", "percent"), [(0, 60), (10, 0)])
def test_floor_leaves_room_for_everything_else(
    author: Author, media: Disk, settings: Settings, megabytes: int, percent: int
) -> None:
    """Of 16 MB, 9 are free: enough for the file, but less than must stay."""
    settings.FREE_SPACE_FLOOR_MB, settings.FREE_SPACE_FLOOR_PERCENT = megabytes, percent
    if not media.is_mounted:  # the floor is compared with the real disk then
        settings.FREE_SPACE_FLOOR_MB = 10**9
    media.fill(free=9 * MEGABYTE)

    assert author.upload() == (422, True)
    author.save("tetap tersimpan")

    media.free()
    settings.FREE_SPACE_FLOOR_MB = megabytes
    assert author.upload() == (302, False)
