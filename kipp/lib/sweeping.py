"""What lies in the storage and belongs to nothing; removed without ever taking what is in use."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice

from django.core.files.storage import default_storage
from django.db import connection, transaction

from kipp.lib.files import FILES, STAGING, lock_number
from kipp.lib.parts import PARTIAL, drop_parts

BATCH = 50
# Held by whoever removes files, shared by whoever copies them all.
STORAGE_LOCK = 0x4B495051


@contextmanager
def keeping_files() -> Iterator[None]:
    """Until the end no sweep removes a file; one that is under way is waited for."""
    _lock("pg_advisory_lock_shared")
    try:
        yield
    finally:
        _lock("pg_advisory_unlock_shared")


@contextmanager
def sweeping_alone() -> Iterator[bool]:
    """Whether files may be removed: not while somebody copies them all. Never waits."""
    is_alone = bool(_lock("pg_try_advisory_lock"))
    try:
        yield is_alone
    finally:
        if is_alone:
            _lock("pg_advisory_unlock")


def list_orphans(known: Container[str], *, before: datetime) -> Iterator[str]:
    """List the keys that no row knows and that nothing has touched since `before`.

    `known` holds the hashes of files and the owners of parts. Interrupted uploads are among them.
    """
    for key in _all_keys():
        if owner_of(key) not in known and _is_older(key, before):
            yield key


def remove_orphans(keys: Iterable[str], *, in_use: Callable[[], Container[str]]) -> int:
    """Remove these keys, unless a row has come to name them meanwhile; count what is gone.

    An upload of the same content holds it (`keep_file`) until its row can be seen: what is held
    now is left for the next sweep, and whoever comes while we look waits and stores it again.
    """
    waiting = iter(keys)
    removed = 0
    while batch := list(islice(waiting, BATCH)):
        removed += _remove(batch, in_use)
    return removed


def owner_of(key: str) -> str:
    """Return what a row would name: the file's hash, the owner of a part, or the staged file."""
    folder, _, name = key.rpartition("/")
    return folder.rpartition("/")[2] if folder.startswith(f"{PARTIAL}/") else name


@transaction.atomic
def _remove(keys: list[str], in_use: Callable[[], Container[str]]) -> int:
    free = [key for key in keys if not key.startswith(f"{FILES}/") or _take(owner_of(key))]
    known = in_use()
    gone = [key for key in free if owner_of(key) not in known]
    for key in gone:
        default_storage.delete(key)
        if key.startswith(f"{PARTIAL}/"):
            drop_parts(owner_of(key))
    return len(gone)


def _take(sha256: str) -> bool:
    """Never waits, so that it can hold up nobody who waits for another file."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [lock_number(sha256)])
        (is_ours,) = cursor.fetchone()
    return bool(is_ours)


def _lock(function: str) -> object:
    """For the session: a process that dies lets go."""
    with connection.cursor() as cursor:
        cursor.callproc(function, [STORAGE_LOCK])
        return cursor.fetchone()[0]


def _is_older(key: str, before: datetime) -> bool:
    try:
        return default_storage.get_modified_time(key) < before
    except FileNotFoundError:  # renamed or removed while we looked
        return False


def _all_keys() -> Iterator[str]:
    for name in _listing(STAGING)[1]:
        yield f"{STAGING}/{name}"
    for owner in _listing(PARTIAL)[0]:
        for name in _listing(f"{PARTIAL}/{owner}")[1]:
            yield f"{PARTIAL}/{owner}/{name}"
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
