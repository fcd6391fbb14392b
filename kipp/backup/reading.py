"""Read an archive: check all of it first, then put it into a database and a storage."""

from __future__ import annotations

import hashlib
import shutil
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from django.core.exceptions import ValidationError
from django.core.management import call_command
from pyrage.x25519 import Identity

from accounts.invariants import forgotten_jobs, forgotten_mail
from accounts.models import Delivery
from accounts.services import Released, pause_mail, release_claims
from kipp.backup import BackupError, postgres
from kipp.backup.manifest import DATABASE, MANIFEST, Manifest, read_manifest
from kipp.backup.sealing import unsealed
from kipp.invariants import INVARIANTS
from kipp.lib.files import CHUNK, key_of, store_file
from proposals.models import Upload

# These ask whether workers are at work. In a portal that is being restored none is, and none may
# have been when the backup was taken: that breaks no promise.
OF_A_RUNNING_PORTAL = {forgotten_jobs, forgotten_mail}


@dataclass(frozen=True, slots=True)
class Restored:
    """`released` is what somebody had in hand at the moment of the backup."""

    manifest: Manifest
    released: Released


def verify_archive(path: Path, *, identities: Sequence[Identity]) -> Manifest:
    """Every part has the hash that the manifest names, and nothing is missing or added."""
    found: dict[str, str] = {}
    manifest = None
    with _archive(path, identities=identities) as archive:
        for name, stream in _members(archive):
            if name == MANIFEST:
                manifest = read_manifest(stream.read())
            else:
                found[name] = _hash(stream)
    if manifest is None:
        raise BackupError(f"{path.name} has no manifest at its end: it is not complete.")
    expected = {DATABASE: manifest.database_sha256}
    expected |= {key_of(sha256): sha256 for sha256 in manifest.files}
    for sha256 in manifest.lost:
        found.pop(key_of(sha256), None)
    wrong = sorted(name for name in found | expected if found.get(name) != expected.get(name))
    if wrong:
        raise BackupError(f"{path.name} is damaged at {wrong[0]}: take another one.")
    return manifest


def restore_backup(path: Path, *, identities: Sequence[Identity], at: datetime) -> Restored:
    """Into an empty database. The files go first: stopped before its end, it can be run again."""
    manifest = verify_archive(path, identities=identities)
    unknown = sorted(set(manifest.migrations) - postgres.known_migrations())
    if unknown:
        raise BackupError(
            f"The backup is of a newer version ({unknown[0]}): install that version first."
        )
    if postgres.tables():
        raise BackupError("The database is not empty: name a new one in DATABASE_URL.")
    with tempfile.TemporaryDirectory(prefix="kipp-restore-") as place:
        dump = Path(place) / DATABASE
        _unpack(path, identities=identities, dump=dump, manifest=manifest)
        postgres.load_database(dump)
    if postgres.count_rows() != manifest.tables:
        raise BackupError("The database does not hold the rows that the manifest counts.")
    if postgres.known_migrations() - set(manifest.migrations):
        call_command("migrate", verbosity=0)
    # Parts of unfinished uploads are in no backup; their owners begin anew.
    Upload.objects.filter(attachment=None).delete()
    released = release_claims(at=at)
    # What waited then may have gone out since; a person decides.
    if not Delivery.objects.filter(paused_at__isnull=False).exists():
        pause_mail(at=at)
    return Restored(manifest, released)


def broken_promises(manifest: Manifest) -> Iterator[str]:
    """As of the moment of the backup."""
    for invariant in INVARIANTS:
        if invariant in OF_A_RUNNING_PORTAL:
            continue
        for sentence in invariant(manifest.taken_at):
            yield f"{invariant.__name__}: {sentence}"


def _unpack(path: Path, *, identities: Sequence[Identity], dump: Path, manifest: Manifest) -> None:
    wanted = {key_of(sha256): sha256 for sha256 in manifest.files}
    with _archive(path, identities=identities) as archive:
        for name, stream in _members(archive):
            if name == DATABASE:
                with dump.open("xb") as target:
                    shutil.copyfileobj(stream, target, CHUNK)
            elif name in wanted:
                _store(stream, sha256=wanted[name])


def _store(stream: IO[bytes], *, sha256: str) -> None:
    with tempfile.SpooledTemporaryFile(max_size=CHUNK) as whole:
        shutil.copyfileobj(stream, whole, CHUNK)
        try:
            stored = store_file(whole)
        except ValidationError as error:
            raise BackupError(f"File {sha256} was not stored: {error.messages[0]}") from error
    if stored.sha256 != sha256:
        raise BackupError(f"File {sha256} changed between reading and storing.")


def _members(archive: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes]]]:
    for member in archive:
        content = archive.extractfile(member)
        if content is None:
            raise BackupError(f"The archive holds {member.name}, which is no file.")
        yield member.name, content


@contextmanager
def _archive(path: Path, *, identities: Sequence[Identity]) -> Iterator[tarfile.TarFile]:
    try:
        with (
            unsealed(path, identities) as stream,
            tarfile.open(fileobj=stream, mode="r|") as archive,
        ):
            yield archive
            while stream.read(CHUNK):  # to the end, so that what encrypts can vouch for all of it
                pass
    except tarfile.TarError as error:
        raise BackupError(f"{path.name} is damaged or cut off: take another one.") from error


def _hash(stream: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while chunk := stream.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()
