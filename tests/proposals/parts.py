"""A tus client for Django's test client: begins, sends parts, asks how far it is, finishes."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import reverse

from kipp.lib.files import CHUNK

TUS = {"Tus-Resumable": "1.0.0"}


def encoded(value: str | bytes) -> str:
    raw = value if isinstance(value, bytes) else value.encode()
    return base64.b64encode(raw).decode()


@dataclass
class Sending:
    """One file on its way from one person."""

    client: Client
    proposal: int
    slot: str
    content: bytes
    name: str = "foto.jpg"
    url: str = ""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    def begin(self, *, size: int | None = None, sha256: str | None = None) -> Any:
        metadata = f"filename {encoded(self.name)},sha256 {encoded(sha256 or self.sha256)}"
        response = self.client.post(
            reverse("proposals:upload-begin", args=[self.proposal, self.slot]),
            headers={
                **TUS,
                "Upload-Length": str(len(self.content) if size is None else size),
                "Upload-Metadata": metadata,
            },
        )
        self.url = response.headers.get("Location", self.url)
        return response

    def put(self, start: int, end: int | None = None, **changes: Any) -> Any:
        part = changes.pop("part", self.content[start:end])
        checksum = f"sha256 {encoded(hashlib.sha256(self.content[start:end]).digest())}"
        return self.client.patch(
            self.url,
            part,
            content_type="application/offset+octet-stream",
            headers={**TUS, "Upload-Offset": str(start), "Upload-Checksum": checksum, **changes},
        )

    def put_all(self, *, size: int = CHUNK) -> None:
        for start in range(0, len(self.content), size):
            response = self.put(start, start + size)
            assert response.status_code == 204, response.content

    def offset(self) -> int:
        return int(self.client.head(self.url, headers=TUS)["Upload-Offset"])

    def stop(self) -> Any:
        return self.client.delete(self.url, headers=TUS)

    def finish(self) -> Any:
        return self.client.post(f"{self.url}selesai/")

    def send(self) -> Any:
        """The whole way; the answer that ends it."""
        response = self.begin()
        if response.status_code != 201:
            return response
        self.put_all()
        return self.finish()
