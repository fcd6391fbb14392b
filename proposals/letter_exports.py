"""A statement letter as PDF (A4 and F4) and as DOCX, to be signed and sent back as a scan."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from django.utils import translation
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

from competitions.models import AttachmentSlot
from kipp.lib.documents import render_document
from proposals.statements import Facts, letter_data

# What XML cannot hold; everything else that cannot be seen went when the text was saved.
NOT_IN_XML = re.compile("[\ufffe\uffff]")
A4, F4 = (210, 297), (215, 330)


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
        data = letter_data(slot, facts)
    document = _page(data, at=at)
    _head(document, data)
    blocks: Any = data["blocks"]
    for block in blocks:
        DRAWN[block["kind"]](document, block)
    _signature(document, data)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _page(data: Mapping[str, Any], *, at: datetime) -> Any:
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(A4[0]), Mm(A4[1])
    section.left_margin = section.right_margin = Mm(25)
    section.top_margin = section.bottom_margin = Mm(20)
    document.styles["Normal"].font.name = "Times New Roman"
    document.styles["Normal"].font.size = Pt(12)
    facts = document.core_properties
    facts.author, facts.title = data["site"], _clean(data["title"])
    facts.created = facts.modified = at.astimezone(UTC).replace(tzinfo=None)
    return document


def _head(document: Any, data: Mapping[str, Any]) -> None:
    for text in dict.fromkeys([data["agency"], data["unit"]]):
        _line(document, text.upper(), bold=True)
    title = _line(document, data["title"].upper(), bold=True, underline=True)
    title.paragraph_format.space_before = Pt(18)
    title.paragraph_format.space_after = Pt(12)


def _line(document: Any, text: str, **style: bool) -> Any:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = Pt(0)
    run = paragraph.add_run(_clean(text))
    for name, value in style.items():
        setattr(run, name, value)
    return paragraph


def _text(document: Any, block: Mapping[str, Any]) -> None:
    paragraph = document.add_paragraph(_clean(block["text"]))
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY


def _facts(document: Any, block: Mapping[str, Any]) -> None:
    table = document.add_table(rows=0, cols=2)
    for label, value in block["rows"]:
        _fill(table.add_row(), [label, f": {value}"])
    table.columns[0].width = Mm(40)
    table.columns[1].width = Mm(120)
    document.add_paragraph()


def _table(document: Any, block: Mapping[str, Any]) -> None:
    table = document.add_table(rows=1, cols=len(block["head"]), style="Table Grid")
    _fill(table.rows[0], block["head"])
    for row in block["rows"]:
        _fill(table.add_row(), row)
    document.add_paragraph()


def _claims(document: Any, block: Mapping[str, Any]) -> None:
    rows = [
        [f"{row['indicator']} ({row['details']})", row["before"], row["after"], row["change"]]
        for row in block["rows"]
    ]
    _table(document, {"head": block["head"], "rows": rows})


def _fill(row: Any, texts: Sequence[str]) -> None:
    for cell, text in zip(row.cells, texts, strict=True):
        cell.text = _clean(text)


def _signature(document: Any, data: Mapping[str, Any]) -> None:
    texts = [data["place"], data["position"], "", f"({data['stamp']})", "", data["signer"]]
    for text in [*texts, data["nip"]]:
        paragraph = document.add_paragraph(_clean(text))
        paragraph.paragraph_format.left_indent = Mm(80)
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.paragraph_format.keep_with_next = True


def _clean(text: str) -> str:
    return NOT_IN_XML.sub("", text)


DRAWN: Mapping[str, Callable[[Any, Mapping[str, Any]], None]] = MappingProxyType(
    {"text": _text, "facts": _facts, "table": _table, "claims": _claims}
)
