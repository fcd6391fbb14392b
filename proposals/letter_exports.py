"""A statement letter as PDF (A4 and F4) and as DOCX, to be signed and sent back as a scan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.utils import translation

from competitions.models import AttachmentSlot
from kipp.lib import wordfiles
from kipp.lib.documents import render_document
from kipp.lib.wordfiles import A4, millimetres, points
from proposals.statements import Facts, letter_data

F4 = (215, 330)


def letter_pdf(slot: AttachmentSlot, facts: Facts, *, at: datetime) -> bytes:
    return _pdf(slot, facts, paper=A4, at=at)


def letter_pdf_f4(slot: AttachmentSlot, facts: Facts, *, at: datetime) -> bytes:
    return _pdf(slot, facts, paper=F4, at=at)


def _pdf(slot: AttachmentSlot, facts: Facts, *, paper: tuple[int, int], at: datetime) -> bytes:
    with translation.override("id"):
        data = {**letter_data(slot, facts), "paper": list(paper)}
        return render_document("letter", data, at=at)


def letter_docx(slot: AttachmentSlot, facts: Facts, *, at: datetime) -> bytes:
    with translation.override("id"):
        data: Any = letter_data(slot, facts)
    document = wordfiles.new_file(title=data["title"], author=data["site"], at=at)
    wordfiles.add_head(document, lines=[data["agency"], data["unit"]], title=data["title"])
    for block in data["blocks"]:
        DRAWN[block["kind"]](document, block)
    _signature(document, data)
    return wordfiles.as_bytes(document)


def _claims(document: Any, block: Mapping[str, Any]) -> None:
    rows = [
        [f"{row['indicator']} ({row['details']})", row["before"], row["after"], row["change"]]
        for row in block["rows"]
    ]
    wordfiles.add_table(document, {"head": block["head"], "rows": rows})


def _signature(document: Any, data: Mapping[str, Any]) -> None:
    texts = [data["place"], data["position"], "", f"({data['stamp']})", "", data["signer"]]
    for text in [*texts, data["nip"]]:
        paragraph = document.add_paragraph(wordfiles.clean(text))
        paragraph.paragraph_format.left_indent = millimetres(80)
        paragraph.paragraph_format.space_after = points(0)
        paragraph.paragraph_format.keep_with_next = True


DRAWN: Mapping[str, Callable[[Any, Mapping[str, Any]], None]] = MappingProxyType(
    {
        "text": wordfiles.add_text,
        "facts": wordfiles.add_facts,
        "table": wordfiles.add_table,
        "claims": _claims,
    }
)
