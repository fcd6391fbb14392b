"""The same paper as DOCX, for whoever goes on with it in a word processor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from kipp.lib import wordfiles
from proposals.content import FrozenSection
from proposals.letter_exports import DRAWN
from proposals.paper import ZERO_WIDTH_SPACE, Paper, paper_data


def paper_docx(paper: Paper, *, left: Sequence[FrozenSection] = ()) -> bytes:
    """In Indonesian. `left` are texts without a section: at the end, so that none gets lost."""
    with translation.override("id"):
        data: Any = paper_data(paper)
        title = _text(data["title"])
        document = wordfiles.new_file(title=title, author=data["site"], at=paper.at)
        document.add_heading(title, level=1)
        document.add_paragraph(_text(f"{data['competition']} · {data['mark']}".strip(" ·")))
        DRAWN["facts"](document, {"rows": [[*map(_text, row)] for row in data["facts"]]})
        for section in data["sections"]:
            _section(document, section["label"], section["note"], section["paragraphs"])
        _extras(document, data)
        for section in left:
            label = _("No place in this form: %(label)s") % {"label": section["label"]}
            _section(document, label, "", section["text"].split("\n"))
    return wordfiles.as_bytes(document)


def _section(document: Any, label: str, note: str, paragraphs: Sequence[str]) -> None:
    document.add_heading(_text(label), level=2)
    if note:
        document.add_paragraph().add_run(_text(note)).italic = True
    for paragraph in paragraphs:
        document.add_paragraph(_text(paragraph))


def _extras(document: Any, data: Any) -> None:
    if data["claims"]["rows"]:
        document.add_heading(_("Impact in figures"), level=2)
        DRAWN["claims"](document, data["claims"])
    if data["team"]:
        document.add_heading(_("Team"), level=2)
        DRAWN["table"](document, {"head": [_("Name"), _("Role in the team")], "rows": data["team"]})


def _text(text: str) -> str:
    return wordfiles.clean(text.replace(ZERO_WIDTH_SPACE, ""))
