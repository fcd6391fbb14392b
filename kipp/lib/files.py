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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection
from django.utils.translation import gettext_lazy as _

from kipp.lib.late import late

if TYPE_CHECKING:
    import botocore.exceptions as errors
else:
    errors = late("botocore.exceptions")

CHUNK = 1024 * 1024
FILES = "files"
STAGING = "staging"
NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_SHA256 = re.compile("[0-9a-f]{64}")


class FilesAwayError(Exception):
    """The service that holds the files does not answer, or refuses its work."""


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
    return store_as(key_of, stream)


def store_as(name: Callable[[str], str], stream: Stream) -> StoredFile:
    """Store the whole stream under the key that `name` makes of its hash."""
    stream.seek(0)
    folder = local_folder()
    with no_space_in_words():
        if folder is None:
            return _store_remotely(stream, name)
        _check_free_space(folder)
        return _store_locally(stream, name, folder=folder)


def keep_file(stream: Stream, *, sha256: str) -> None:
    """Hold the file, and store it again if a sweep took it after it was stored."""
    if not hold_file(sha256):
        store_file(stream)


def hold_file(sha256: str) -> bool:
    """Call it in the transaction that names the file: until its end no sweep takes the content.

    Answers whether it is there.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [lock_number(sha256)])
    return has_file(sha256)


def lock_number(sha256: str) -> int:
    """Return the number under which PostgreSQL holds this content for a transaction."""
    return int(sha256[:15], 16)


def open_file(sha256: str) -> File[bytes]:
    return open_key(key_of(sha256))


def open_key(key: str) -> File[bytes]:
    """Of an object store the whole content is here when this returns; or it raises."""
    with in_reach():
        opened = default_storage.open(key)
        if not isinstance(default_storage, FileSystemStorage):
            opened.seek(0)
    return opened


def has_file(sha256: str) -> bool:
    with in_reach():
        return default_storage.exists(key_of(sha256))


@contextmanager
def in_reach() -> Iterator[None]:
    """Whatever the service's library says, as one error that pages can answer."""
    try:
        yield
    except (errors.BotoCoreError, errors.ClientError) as error:
        raise FilesAwayError(str(error)) from error


def key_of(sha256: str) -> str:
    """Return the name in the storage; two levels of folders keep each of them short."""
    if not _SHA256.fullmatch(sha256):
        raise ValueError("Not a SHA-256 in hexadecimal.")
    return f"{FILES}/{sha256[:2]}/{sha256[2:4]}/{sha256}"


def local_folder() -> Path | None:
    """Where files lie on this machine; none when they lie in a bucket."""
    if isinstance(default_storage, FileSystemStorage):
        return Path(default_storage.path(""))
    return None


def has_room(folder: Path) -> bool:
    """Whether more is free than uploads must leave."""
    disk = shutil.disk_usage(folder)
    floor = settings.FREE_SPACE_FLOOR_MB * CHUNK
    return disk.free >= max(floor, disk.total * settings.FREE_SPACE_FLOOR_PERCENT / 100)


def fsync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _check_free_space(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if not has_room(folder):
        raise OSError(errno.ENOSPC, "Less space is free than uploads must leave.")


@contextmanager
def no_space_in_words() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in NO_SPACE:
            raise
        raise ValidationError(
            _("The server has no room for files now. Your text is safe; try the file again later."),
            code="no_space",
        ) from error


def _store_locally(stream: Stream, name: Callable[[str], str], *, folder: Path) -> StoredFile:
    """Stage, hash, flush to the disk, rename: a crash at any point leaves no half file."""
    staging = folder / STAGING / uuid.uuid4().hex
    staging.parent.mkdir(exist_ok=True)
    try:
        with staging.open("xb") as target:
            sha256, size = _copy(stream, target)
            target.flush()
            os.fsync(target.fileno())
        final = folder / name(sha256)
        final.parent.mkdir(parents=True, exist_ok=True)
        staging.chmod(settings.FILE_UPLOAD_PERMISSIONS or 0o600)
        staging.replace(final)
        fsync_folder(final.parent)
    finally:
        staging.unlink(missing_ok=True)
    return StoredFile(sha256, size, name(sha256))


def _store_remotely(stream: Stream, name: Callable[[str], str]) -> StoredFile:
    """Hash into a temporary file first; an object store shows an object only when complete."""
    with tempfile.SpooledTemporaryFile(max_size=CHUNK) as staging:
        sha256, size = _copy(stream, staging)
        key = name(sha256)
        with in_reach():
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
