"""Write an archive, read it again as a restore would, and only then give it its name."""

from __future__ import annotations

import hashlib
import os
import tarfile
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Protocol

from django.core.files.storage import default_storage
from pyrage.x25519 import Identity, Recipient

from accounts.heartbeat import beat
from kipp.backup import postgres
from kipp.backup.manifest import DATABASE, MANIFEST, Manifest
from kipp.backup.reading import verify_archive
from kipp.backup.sealing import sealed
from kipp.janitor import stored_files
from kipp.lib.files import CHUNK, fsync_folder, has_file, key_of, open_file
from kipp.lib.sweeping import keeping_files


@dataclass(frozen=True, slots=True)
class Backup:
    path: Path
    lost: tuple[str, ...]


class Source(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Hashing:
    """Reads through and knows the hash of what was read."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.digest = hashlib.sha256()

    def read(self, size: int = CHUNK, /) -> bytes:
        chunk = self.source.read(size)
        self.digest.update(chunk)
        return chunk


def write_backup(folder: Path, *, recipients: Sequence[Recipient], at: datetime) -> Backup:
    """Encrypted for the recipients, if there are any, and for one more key that nobody keeps:

    with it the archive is read and checked as a whole before this process forgets it.
    """
    passing = [Identity.generate()] if recipients else []
    readers = [*recipients, *(identity.to_public() for identity in passing)]
    name = f"kipp-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}.tar" + (".age" if recipients else "")
    partial = folder / f"{name}.partial"
    try:
        with postgres.unhurried(), keeping_files(), _private(partial) as target:
            with sealed(target, readers) as stream:
                _write(stream, at=at)
            target.flush()
            os.fsync(target.fileno())
        manifest = verify_archive(partial, identities=passing)
        partial.rename(folder / name)
    finally:
        partial.unlink(missing_ok=True)
    fsync_folder(folder)
    beat("backup", at=at)
    return Backup(folder / name, manifest.lost)


def _write(stream: IO[bytes], *, at: datetime) -> None:
    with tempfile.TemporaryDirectory(prefix="kipp-backup-") as place:
        dump = Path(place) / DATABASE
        with postgres.snapshot() as snapshot:
            postgres.dump_database(dump, of=snapshot)
            names = sorted(stored_files())
            tables = postgres.count_rows()
            migrations = tuple(sorted(postgres.applied_migrations()))
        with tarfile.open(fileobj=stream, mode="w|") as archive:
            with dump.open("rb") as source:
                dumped = _add(archive, DATABASE, source, size=dump.stat().st_size)
            lost = tuple(_add_files(archive, names))
            manifest = Manifest(
                taken_at=at,
                migrations=migrations,
                tables=tables,
                database_sha256=dumped,
                files=tuple(name for name in names if name not in set(lost)),
                lost=lost,
            ).as_bytes()
            _add(archive, MANIFEST, BytesIO(manifest), size=len(manifest))


def _add_files(archive: tarfile.TarFile, names: Iterable[str]) -> Iterator[str]:
    """Add what is there; answer with what is not, or is not what its name says."""
    for name in names:
        if not has_file(name):
            yield name
            continue
        key = key_of(name)
        with open_file(name) as source:
            if _add(archive, key, source, size=default_storage.size(key)) != name:
                yield name


def _add(archive: tarfile.TarFile, name: str, source: Source, *, size: int) -> str:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    hashing = Hashing(source)
    archive.addfile(info, hashing)
    return hashing.digest.hexdigest()


@contextmanager
def _private(path: Path) -> Iterator[IO[bytes]]:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
        yield target
