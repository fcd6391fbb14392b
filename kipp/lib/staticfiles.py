"""Static files in production: compressed, under hashed names, each address worked out once."""

from __future__ import annotations

from typing import Any

from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class KeptManifestStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # no types
    """The manifest is read at the start and never again, so an address never changes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.addresses: dict[str, str] = {}

    def url(self, name: str | None, force: bool = False) -> str:  # noqa: FBT001, FBT002 - Django's signature
        address = self.addresses.get(str(name))
        if address is None:
            address = self.addresses[str(name)] = str(super().url(name, force))
        return address


class QuickManifestStorage(KeptManifestStorage):
    """For the demo, whose first page waits for it: gzip alone takes a tenth of brotli's time."""

    def create_compressor(self, **kwargs: Any) -> Compressor:
        return Compressor(use_brotli=False, **kwargs)
