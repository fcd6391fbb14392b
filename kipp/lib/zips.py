"""A ZIP that is written while it is sent: memory holds one chunk, whatever the files weigh."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

MANIFEST = "MANIFEST.sha256"
# What is packed in itself: packing it again costs much and saves little.
PACKED = (".pdf", ".jpg", ".jpeg", ".png", ".webp", ".zip", ".docx", ".xlsx")
MAX_HELD = 64 * 1024
Entry = tuple[str, Iterable[bytes]]


class _Outlet:
    """What a `ZipFile` writes to when nothing can be taken back."""

    def __init__(self) -> None:
        self.held = bytearray()

    def write(self, content: bytes) -> int:
        self.held += content
        return len(content)

    def flush(self) -> None:
        """Nothing is kept back."""

    def drain(self) -> bytes:
        content = bytes(self.held)
        self.held.clear()
        return content


def stream_zip(entries: Iterable[Entry], *, at: datetime) -> Iterator[bytes]:
    """Entries in their order, then the SHA-256 of each, as `sha256sum -c` reads it."""
    outlet, sums = _Outlet(), list[str]()
    with ZipFile(cast("Any", outlet), "w", ZIP_DEFLATED, compresslevel=1) as archive:
        for name, chunks in entries:
            digest = hashlib.sha256()
            with archive.open(_info(name, at=at), "w", force_zip64=True) as target:
                for chunk in chunks:
                    digest.update(chunk)
                    target.write(chunk)
                    if len(outlet.held) > MAX_HELD:
                        yield outlet.drain()
            sums.append(f"{digest.hexdigest()}  {name}\n")
        archive.writestr(_info(MANIFEST, at=at), "".join(sums))
    yield outlet.drain()


def _info(name: str, *, at: datetime) -> ZipInfo:
    info = ZipInfo(name, date_time=at.timetuple()[:6])
    info.compress_type = ZIP_STORED if name.lower().endswith(PACKED) else ZIP_DEFLATED
    return info
