"""Content-addressed files on Django's default storage: the name of a file is its SHA-256.

A file appears complete or not at all, is never modified, and storing it twice keeps one.
The database row comes after: what has no row after a while is an orphan.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import tempfile
import uuid
from collections.abc import Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Protocol

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage
from django.utils.translation import gettext_lazy as _

CHUNK = 1024 * 1024
FILES = "files"
STAGING = "staging"
NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_SHA256 = re.compile("[0-9a-f]{64}")


class Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...

    def seek(self, offset: int, /) -> object: ...


@dataclass(frozen=True, slots=True)
class StoredFile:
    sha256: str
    size: int
    key: str


def store_file(stream: Stream) -> StoredFile:
    """Store the whole stream under its hash; storing the same content again changes nothing."""
    stream.seek(0)
    folder = _local_folder()
    with _no_space_in_words():
        if folder is None:
            return _store_remotely(stream)
        _check_free_space(folder)
        return _store_locally(stream, folder=folder)


def open_file(sha256: str) -> File[bytes]:
    return default_storage.open(key_of(sha256))


def has_file(sha256: str) -> bool:
    return default_storage.exists(key_of(sha256))


def key_of(sha256: str) -> str:
    """Return the name in the storage; two levels of folders keep each of them short."""
    if not _SHA256.fullmatch(sha256):
        raise ValueError("Not a SHA-256 in hexadecimal.")
    return f"{FILES}/{sha256[:2]}/{sha256[2:4]}/{sha256}"


def list_orphans(known: Container[str], *, before: datetime) -> Iterator[str]:
    """List the keys that no row knows and that nothing has touched since `before`.

    Interrupted uploads are among them. `default_storage.delete(key)` removes one.
    """
    for key in _all_keys():
        sha256 = key.rpartition("/")[2]
        if sha256 not in known and default_storage.get_modified_time(key) < before:
            yield key


def _all_keys() -> Iterator[str]:
    for name in _listing(STAGING)[1]:
        yield f"{STAGING}/{name}"
    for first in _listing(FILES)[0]:
        for second in _listing(f"{FILES}/{first}")[0]:
            for name in _listing(f"{FILES}/{first}/{second}")[1]:
                yield f"{FILES}/{first}/{second}/{name}"


def _listing(folder: str) -> tuple[list[str], list[str]]:
    try:
        folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return [], []
    return sorted(folders), sorted(names)


def _local_folder() -> Path | None:
    if isinstance(default_storage, FileSystemStorage):
        return Path(default_storage.path(""))
    return None


def _check_free_space(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(folder).free < settings.FREE_SPACE_FLOOR_MB * 1024 * 1024:
        raise OSError(errno.ENOSPC, "Less space is free than uploads must leave.")


@contextmanager
def _no_space_in_words() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in NO_SPACE:
            raise
        raise ValidationError(
            _("The server has no room for files now. Your text is safe; try the file again later."),
            code="no_space",
        ) from error


def _store_locally(stream: Stream, *, folder: Path) -> StoredFile:
    """Stage, hash, flush to the disk, rename: a crash at any point leaves no half file."""
    staging = folder / STAGING / uuid.uuid4().hex
    staging.parent.mkdir(exist_ok=True)
    try:
        with staging.open("xb") as target:
            sha256, size = _copy(stream, target)
            target.flush()
            os.fsync(target.fileno())
        final = folder / key_of(sha256)
        final.parent.mkdir(parents=True, exist_ok=True)
        staging.chmod(settings.FILE_UPLOAD_PERMISSIONS or 0o600)
        staging.replace(final)
        _fsync_folder(final.parent)
    finally:
        staging.unlink(missing_ok=True)
    return StoredFile(sha256, size, key_of(sha256))


def _fsync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _store_remotely(stream: Stream) -> StoredFile:
    """Hash into a temporary file first; an object store shows an object only when complete."""
    with tempfile.SpooledTemporaryFile(max_size=CHUNK) as staging:
        sha256, size = _copy(stream, staging)
        key = key_of(sha256)
        if not default_storage.exists(key):
            staging.seek(0)
            default_storage.save(key, File(staging))
    return StoredFile(sha256, size, key)


def _copy(stream: Stream, target: IO[bytes]) -> tuple[str, int]:
    digest = hashlib.sha256()
    size = 0
    while chunk := stream.read(CHUNK):
        digest.update(chunk)
        target.write(chunk)
        size += len(chunk)
    return digest.hexdigest(), size
