"""A proposal on paper: one PDF of the content, whether it is sealed or still a draft."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils import translation
from django.utils.translation import gettext as _

from competitions.models import Competition
from kipp.lib.clock import show_date, show_moment_everywhere
from kipp.lib.documents import render_document
from kipp.lib.files import has_file, open_file
from kipp.lib.qr import qr_svg
from kipp.lib.text import word_count
from proposals.content import Check, Content, FrozenFile, FrozenHeader, FrozenSection
from proposals.ledger import NO_CHECKS, ledger_rows
from proposals.models import Submission
from proposals.statements import claims_table

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

# Width and height in millimetres; F4 is what offices in Indonesia print on.
SIZES: Mapping[str, tuple[int, int]] = MappingProxyType({"a4": (210, 297), "f4": (215, 330)})
# A run without a space that is longer than a line would leave the page.
LONG_RUN = re.compile(r"\S{25,}")
PIECE = 12
ZERO_WIDTH_SPACE = "\u200b"
# Three by two in whatever shape the photo has; a damaged one stays empty and breaks nothing.
PHOTO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 200"><image width="300" height="200"'
    ' preserveAspectRatio="xMidYMid meet" href="data:image/webp;base64,{}"/></svg>'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """`mark` stands on each page of what is no sealed copy; `seal` is drawn for one that is."""

    content: Content
    competition: Competition
    at: datetime
    mark: StrPromise | str = ""
    seal: Mapping[str, str] | None = None
    checks: Mapping[str, Check] = field(default_factory=lambda: NO_CHECKS)


def sealed_paper(submission: Submission, *, verify_url: str) -> Paper:
    """What was received, from the frozen content alone: the same bytes every time."""
    competition = submission.competition
    seal = {
        "number": submission.receipt,
        "time": show_moment_everywhere(submission.received_at, zone=competition.time_zone),
        "sha256": submission.sha256,
        "verify_url": verify_url,
        "qr": qr_svg(verify_url),
    }
    content: Content = submission.content
    return Paper(content=content, competition=competition, at=submission.received_at, seal=seal)


def paper_pdf(paper: Paper, *, size: str) -> bytes:
    """In Indonesian, whatever language the reader's screen speaks."""
    with translation.override("id"):
        data = {**paper_data(paper), "paper": list(SIZES[size])}
        return render_document("proposal", data, at=paper.at)


def paper_data(paper: Paper) -> dict[str, object]:
    content, competition = paper.content, paper.competition
    header = content["header"]
    contact = (competition.contact_name, competition.contact_email, competition.contact_phone)
    return {
        "site": settings.PORTAL["name"],
        "host": competition.host.name,
        "competition": content["competition"].get("name", competition.name),
        "contact": " · ".join(filter(None, contact)),
        "mark": str(paper.mark),
        "title": breakable(header["title"]),
        "expansion": breakable(header.get("expansion", "")),
        "facts": [[name, breakable(value)] for name, value in _facts(header) if value],
        "team": [[breakable(each["name"]), breakable(each["role"])] for each in content["team"]],
        "sections": [_section(section) for section in content["sections"]],
        "claims": _broken_up(claims_table(ledger_rows(content["claims"], checks=paper.checks))),
        "files": [_file(file) for file in content["files"]],
        "seal": paper.seal,
    }


def breakable(text: str) -> str:
    """Places to break inside runs that are longer than a narrow column."""
    return LONG_RUN.sub(lambda run: _in_pieces(run[0]), text)


def _in_pieces(run: str) -> str:
    pieces = (run[start : start + PIECE] for start in range(0, len(run), PIECE))
    return ZERO_WIDTH_SPACE.join(pieces)


def _broken_up(value: object) -> object:
    if isinstance(value, str):
        return breakable(value)
    if isinstance(value, Mapping):
        return {name: _broken_up(each) for name, each in value.items()}
    return [_broken_up(each) for each in value] if isinstance(value, Sequence) else value


def _facts(header: FrozenHeader) -> list[tuple[str, str]]:
    unit, category, day = header["unit"], header["category"], header["started_on"]
    agency = unit["agency"]
    return [
        (_("Unit"), unit["name"]),
        (_("Agency"), agency if agency != unit["name"] else ""),
        (_("Track"), header["track"]["name"]),
        (_("Category"), category["name"] if category else ""),
        (_("Implemented since"), show_date(date.fromisoformat(day)) if day else ""),
        (_("Sustainable development goals"), ", ".join(map(str, header.get("sdgs", [])))),
        (_("Video link"), header["video_url"]),
    ]


def _section(section: FrozenSection) -> dict[str, object]:
    words = section.get("words", word_count(section["text"]))
    over = words - section["word_limit"]
    note = _("%(count)s of at most %(limit)s words")
    if over > 0:
        note = _("%(count)s of at most %(limit)s words: cut %(over)s")
    lines = [breakable(line) for line in section["text"].split("\n") if line.strip()]
    return {
        "label": section["label"],
        "paragraphs": lines,
        "note": note % {"count": words, "limit": section["word_limit"], "over": over},
    }


def _file(file: FrozenFile) -> dict[str, str]:
    return {
        "name": breakable(file["name"]),
        "details": f"{file['label']}, {filesizeformat(file['size'])}",
        "photo": _photo(file["thumbnail_sha256"]),
    }


def _photo(sha256: str) -> str:
    if not sha256 or not has_file(sha256):
        return ""
    with open_file(sha256) as content:
        return PHOTO.format(b64encode(content.read()).decode())
