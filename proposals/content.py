"""The frozen content of a submission: its shape, its canonical bytes, its hash.

Anyone can check a receipt without this software: the hash is SHA-256 over the JSON object with
sorted keys, no spaces and UTF-8 without escapes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TypedDict

FORMAT = 2


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
    is_statement: bool


class FrozenSource(TypedDict):
    """A file of the same submission."""

    name: str
    sha256: str


class FrozenClaim(TypedDict):
    """`before` and `after` are plain decimal numbers as text; `better` is higher or lower."""

    key: int
    indicator: str
    before: str
    after: str
    measure: str
    better: str
    period: str
    method: str
    source: FrozenSource | None


class FrozenMember(TypedDict):
    name: str
    role: str


class Check(TypedDict):
    """What the committee found of one claim: beside the content, not part of its hash."""

    state: str
    note: str
    by: str
    at: str
    version: int


class FieldAnswer(TypedDict):
    question: str
    value: str
    note: str


class FrozenPhoto(TypedDict):
    name: str
    caption: str
    sha256: str
    thumbnail_sha256: str
    media_type: str


class FieldReport(TypedDict):
    """What a team found on the spot: beside the content, not part of its hash.

    `order` is the stage's place in the line: who judges before it does not read this.
    """

    stage: str
    name: str
    order: int
    visited_on: str
    team: list[str]
    summary: str
    answers: list[FieldAnswer]
    photos: list[FrozenPhoto]
    by: str
    at: str


class FrozenCompetition(TypedDict):
    slug: str
    name: str
    year: int


class FrozenFinding(TypedDict):
    """A finding as it is kept; a day is written as `{"day": "2020-02-29"}`."""

    code: str
    target: str
    severity: str
    article: str
    params: dict[str, str | int | dict[str, str]]


class Content(TypedDict):
    format: int
    receipt: str
    competition: FrozenCompetition
    form_sha256: str
    header: FrozenHeader
    team: list[FrozenMember]
    sections: list[FrozenSection]
    claims: list[FrozenClaim]
    files: list[FrozenFile]
    findings: list[FrozenFinding]


# The section that says in short what the innovation is; without one, the first.
SUMMARY, PUBLIC_WORDS = "ringkasan", 100


def summary_key(keys: Sequence[str]) -> str:
    """Which section the register quotes if the innovation wins."""
    return SUMMARY if SUMMARY in keys else next(iter(keys), "")


def public_summary(sections: Sequence[FrozenSection]) -> str:
    """The first paragraph of that section, cut at a word when it is long."""
    wanted = summary_key([section["key"] for section in sections])
    text = next((each["text"] for each in sections if each["key"] == wanted), "")
    paragraph = next((line.strip() for line in text.split("\n") if line.strip()), "")
    words = paragraph.split()
    if len(words) <= PUBLIC_WORDS:
        return paragraph
    return f"{' '.join(words[:PUBLIC_WORDS])} …"


def canonical(content: Mapping[str, object]) -> bytes:
    """The one byte sequence of a JSON object; texts and whole numbers only, never a float."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def digest(content: Mapping[str, object]) -> str:
    return hashlib.sha256(canonical(content)).hexdigest()


def receipt_number(slug: str, *, number: int) -> str:
    """`kipp-2020` and 7 make `KIPP-2020-0007`."""
    return f"{slug.upper()}-{number:04d}"
