"""The tus protocol 1.0 (resumable uploads) as far as one server needs it: its headers, read and
refused. Extensions: creation, checksum, termination.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

VERSION = "1.0.0"
CHECKSUM_MISMATCH = 460
PART_TYPE = "application/offset+octet-stream"
HEADERS = {"Tus-Resumable": VERSION, "Cache-Control": "no-store"}


def is_spoken(headers: Mapping[str, str]) -> bool:
    return headers.get("Tus-Resumable") == VERSION


def number_in(headers: Mapping[str, str], name: str) -> int:
    text = headers.get(name, "")
    if not (text.isascii() and text.isdigit()) or len(text) > 15:
        raise malformed()
    return int(text)


def metadata_in(headers: Mapping[str, str]) -> dict[str, str]:
    """`filename d29ybGQ=,sha256 YWI=` becomes a dictionary."""
    pairs = (pair.partition(" ") for pair in headers.get("Upload-Metadata", "").split(",") if pair)
    return {name.strip(): _decoded(value).decode(errors="replace") for name, _sep, value in pairs}


def sha256_in(headers: Mapping[str, str]) -> str:
    """Return the part's hash in hexadecimal; empty where the browser could not take it."""
    algorithm, _sep, value = headers.get("Upload-Checksum", "").partition(" ")
    if not algorithm:
        return ""
    if algorithm != "sha256":
        raise malformed()
    return _decoded(value).hex()


def malformed() -> ValidationError:
    return ValidationError(
        _("The upload was not understood. Reload the page and try again."), code="malformed"
    )


def _decoded(value: str) -> bytes:
    try:
        return base64.b64decode(value.strip(), validate=True)
    except (binascii.Error, ValueError) as error:
        raise malformed() from error
