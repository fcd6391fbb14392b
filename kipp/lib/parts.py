"""Files that arrive in parts: each part is stored like a file, in a folder of its upload."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from io import BytesIO

from django.core.files.storage import default_storage

from kipp.lib.files import CHUNK, FilesAwayError, in_reach, open_key, store_as

PARTIAL = "partial"
MAX_PART = CHUNK


def store_part(owner: str, content: bytes) -> str:
    """Return the part's hash, which is its name: the same part again changes nothing."""
    return store_as(lambda sha256: _key(owner, sha256), BytesIO(content)).sha256


def join_parts(owner: str, parts: Iterable[str]) -> bytes:
    """Return the parts in this order; the caller has bounded how much they are."""
    return b"".join(_read(_key(owner, sha256)) for sha256 in parts)


def drop_parts(owner: str) -> None:
    """An object store has no folders; what stays, or arrives just now, is left to the sweep."""
    folder = f"{PARTIAL}/{owner}"
    with suppress(OSError, FilesAwayError), in_reach():
        for name in default_storage.listdir(folder)[1]:
            default_storage.delete(f"{folder}/{name}")
        default_storage.delete(folder)


def _read(key: str) -> bytes:
    with open_key(key) as part:
        return bytes(part.read())


def _key(owner: str, sha256: str) -> str:
    return f"{PARTIAL}/{owner}/{sha256}"
