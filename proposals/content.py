"""The frozen content of a submission: its shape, its canonical bytes, its hash.

Anyone can check a receipt without this software: the hash is SHA-256 over the JSON object with
sorted keys, no spaces and UTF-8 without escapes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TypedDict

FORMAT = 1


class Named(TypedDict):
    key: str
    name: str


class FrozenUnit(TypedDict):
    id: int
    name: str
    agency: str


class FrozenHeader(TypedDict):
    title: str
    innovation: str
    expansion: str
    unit: FrozenUnit
    track: Named
    category: Named | None
    sdgs: list[int]
    started_on: str
    video_url: str
    innovator: str


class FrozenSection(TypedDict):
    key: str
    label: str
    word_limit: int
    weight: str
    text: str
    words: int


class FrozenFile(TypedDict):
    slot: str
    label: str
    name: str
    media_type: str
    sha256: str
    size: int
    page_count: int | None
    thumbnail_sha256: str


class FrozenCompetition(TypedDict):
    slug: str
    name: str
    year: int


class Content(TypedDict):
    format: int
    receipt: str
    competition: FrozenCompetition
    form_sha256: str
    header: FrozenHeader
    sections: list[FrozenSection]
    files: list[FrozenFile]


def canonical(content: Mapping[str, object]) -> bytes:
    """The one byte sequence of a JSON object; texts and whole numbers only, never a float."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def digest(content: Mapping[str, object]) -> str:
    return hashlib.sha256(canonical(content)).hexdigest()


def receipt_number(slug: str, *, number: int) -> str:
    """`kipp-2020` and 7 make `KIPP-2020-0007`."""
    return f"{slug.upper()}-{number:04d}"
