from __future__ import annotations

import errno
import hashlib
import io
import os
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from pytest_django import Settings

from kipp.lib import files
from kipp.lib.files import has_file, key_of, open_file, store_file
from kipp.lib.sweeping import list_orphans

CONTENT = b"bukti inovasi " * 200_000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(params=["disk", "remote"])
def storage(request: pytest.FixtureRequest, settings: Settings) -> str:
    if request.param == "remote":
        settings.STORAGES = {
            **settings.STORAGES,
            "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        }
    return str(request.param)


class CutOff(io.BytesIO):
    """A stream that breaks after its first chunk, as a cut connection or a full disk does."""

    def __init__(self, number: int) -> None:
        super().__init__(CONTENT)
        self.number = number

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell():
            raise OSError(self.number, os.strerror(self.number))
        return super().read(size)


def everything(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_store_keeps_content_under_its_hash(storage: str) -> None:
    stored = store_file(io.BytesIO(CONTENT))

    assert (stored.sha256, stored.size) == (SHA256, len(CONTENT))
    assert stored.key == f"files/{SHA256[:2]}/{SHA256[2:4]}/{SHA256}"
    assert has_file(SHA256)
    with open_file(SHA256) as found:
        assert found.read() == CONTENT


def test_store_twice_keeps_one_file(storage: str) -> None:
    stream = io.BytesIO(CONTENT)
    first = store_file(stream)

    assert store_file(stream) == first  # from the start again, wherever the stream stands
    assert store_file(ContentFile(CONTENT)) == first
    assert default_storage.listdir(key_of(SHA256).rpartition("/")[0]) == ([], [SHA256])


def test_empty_file_has_a_hash_too(storage: str) -> None:
    stored = store_file(io.BytesIO())

    assert (stored.size, stored.sha256) == (0, hashlib.sha256().hexdigest())


def test_unknown_file_is_missing(storage: str) -> None:
    assert not has_file("0" * 64)
    with pytest.raises(FileNotFoundError):
        open_file("0" * 64)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "0" * 63, f"{'0' * 64}\n"])
def test_what_is_no_hash_never_becomes_a_path(name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        key_of(name)


def test_cut_connection_leaves_nothing(settings: Settings) -> None:
    with pytest.raises(OSError, match="reset"):
        store_file(CutOff(errno.ECONNRESET))

    assert everything(Path(settings.MEDIA_ROOT)) == []


def test_full_disk_leaves_nothing_and_says_so(settings: Settings) -> None:
    with pytest.raises(ValidationError) as caught:
        store_file(CutOff(errno.ENOSPC))

    assert caught.value.code == "no_space"
    assert everything(Path(settings.MEDIA_ROOT)) == []


def test_floor_of_free_space_is_checked_first(settings: Settings) -> None:
    settings.FREE_SPACE_FLOOR_MB = 10**9

    with pytest.raises(ValidationError) as caught:
        store_file(CutOff(errno.EIO))

    assert caught.value.code == "no_space"


def test_truncated_file_of_another_program_is_replaced(settings: Settings) -> None:
    path = Path(settings.MEDIA_ROOT) / key_of(SHA256)
    path.parent.mkdir(parents=True)
    path.write_bytes(CONTENT[:10])

    store_file(io.BytesIO(CONTENT))

    assert path.read_bytes() == CONTENT


def test_many_at_once_store_one_whole_file(settings: Settings) -> None:
    barrier = threading.Barrier(8)

    def store() -> None:
        barrier.wait()
        store_file(io.BytesIO(CONTENT))

    threads = [threading.Thread(target=store) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [path.read_bytes() for path in everything(Path(settings.MEDIA_ROOT))] == [CONTENT]


def test_orphans_are_old_and_unknown(storage: str) -> None:
    known = store_file(io.BytesIO(b"known"))
    orphan = store_file(io.BytesIO(b"orphan"))
    later = datetime.now(UTC) + timedelta(hours=1)

    assert list(list_orphans({known.sha256}, before=later)) == [orphan.key]
    assert list(list_orphans({known.sha256}, before=later - timedelta(hours=2))) == []


def test_interrupted_upload_is_an_orphan(settings: Settings) -> None:
    staged = Path(settings.MEDIA_ROOT) / files.STAGING / "half"
    staged.parent.mkdir(parents=True)
    staged.write_bytes(b"half")

    keys = list(list_orphans(set(), before=datetime.now(UTC) + timedelta(hours=1)))

    assert keys == ["staging/half"]
    default_storage.delete(keys[0])
    assert not staged.exists()
