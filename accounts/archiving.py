"""Files as long work. ZIPs of many made files can be resumed: each part is stored and committed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from tempfile import TemporaryFile
from typing import TypeVar
from zipfile import ZIP_STORED, ZipFile

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import JobPart
from accounts.working import Result, Run, Stopped
from kipp.lib.files import CHUNK, StoredFile, hold_file, open_file, store_file
from kipp.lib.zips import Entry, stream_zip

T = TypeVar("T")
# As many files as a killed worker may have made in vain.
PART = 50


def make_archive(
    run: Run,
    *,
    list_keys: Callable[[], Iterable[int]],
    make: Callable[[Sequence[int]], Iterable[Entry]],
    name: str,
    at: datetime,
) -> Result:
    """`make` gives the files of some keys; `at` is the date of all of them, so that the same
    files give the same bytes. A second worker goes on with the list of the first.
    """
    keys = _planned(run, list_keys)
    kept = dict(run.job.parts.values_list("number", "sha256"))
    for number, first in enumerate(range(0, len(keys), PART)):
        if number not in kept:
            entries = counted(run, make(keys[first : first + PART]), after=first, of=len(keys))
            kept[number] = _keep_part(run, number, entries)
    run.step(len(keys), total=len(keys))
    pieces = stream_zip(_entries_of(kept[number] for number in sorted(kept)), at=at)
    return as_result(pieces, name=name, media_type="application/zip")


def as_result(pieces: Iterable[bytes], *, name: str, media_type: str) -> Result:
    """Stored once it is whole; whoever comes after a killed worker begins it anew."""
    with TemporaryFile() as target:
        target.writelines(pieces)
        return Result(file=store_file(target), name=name, media_type=media_type)


def _planned(run: Run, list_keys: Callable[[], Iterable[int]]) -> Sequence[int]:
    if run.job.plan is None:
        run.job.plan = list(list_keys())
        if not run.job.plan:
            raise ValidationError(_("There is nothing to put in."), code="empty")
        if not run.row.update(plan=run.job.plan):
            raise Stopped
    return list(run.job.plan)


def counted(run: Run, rows: Iterable[T], *, after: int = 0, of: int) -> Iterator[T]:
    """The same, telling how far it is; between two of them work ends that was called off."""
    for done, row in enumerate(rows, start=after):
        run.step(done, total=of)
        yield row


def _keep_part(run: Run, number: int, entries: Iterable[Entry]) -> str:
    with TemporaryFile() as target:
        with ZipFile(target, "w", ZIP_STORED) as part:
            for name, chunks in entries:
                part.writestr(name, b"".join(chunks))
        stored = store_file(target)
    _name_part(run, number, stored)
    return stored.sha256


@transaction.atomic
def _name_part(run: Run, number: int, stored: StoredFile) -> None:
    """Only for a job that is still this worker's, held until the part can be seen."""
    is_mine = run.row.select_for_update().exists()
    if not is_mine or not hold_file(stored.sha256):
        raise Stopped
    JobPart.objects.create(job=run.job, number=number, sha256=stored.sha256)


def _entries_of(parts: Iterable[str]) -> Iterator[Entry]:
    for sha256 in parts:
        with open_file(sha256) as content, ZipFile(content) as part:
            for name in part.namelist():
                with part.open(name) as file:
                    yield name, iter(lambda file=file: file.read(CHUNK), b"")  # type: ignore[misc]
