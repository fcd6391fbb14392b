"""DOCX files of plain blocks: text, facts, tables. Whoever gets one may still change it."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from kipp.lib.late import late

if TYPE_CHECKING:
    import docx
    import docx.enum.text
    import docx.shared
else:
    docx = late("docx")

# What XML cannot hold; everything else that cannot be seen went when the text was saved.
NOT_IN_XML = re.compile("[\ufffe\uffff]")
A4 = (210, 297)


def millimetres(length: float) -> Any:
    return docx.shared.Mm(length)


def points(size: float) -> Any:
    return docx.shared.Pt(size)


def new_file(*, title: str, author: str, at: datetime) -> Any:
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = millimetres(A4[0]), millimetres(A4[1])
    section.left_margin = section.right_margin = millimetres(25)
    section.top_margin = section.bottom_margin = millimetres(20)
    document.styles["Normal"].font.name = "Times New Roman"
    document.styles["Normal"].font.size = points(12)
    facts = document.core_properties
    facts.author, facts.title = author, clean(title)
    facts.created = facts.modified = at.astimezone(UTC).replace(tzinfo=None)
    return document


def as_bytes(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def add_head(document: Any, *, lines: Sequence[str], title: str) -> None:
    for text in dict.fromkeys(lines):
        add_line(document, text.upper(), bold=True)
    shown = add_line(document, title.upper(), bold=True, underline=True)
    shown.paragraph_format.space_before = points(18)
    shown.paragraph_format.space_after = points(12)


def add_line(document: Any, text: str, **style: bool) -> Any:
    paragraph = document.add_paragraph()
    paragraph.alignment = docx.enum.text.WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = points(0)
    run = paragraph.add_run(clean(text))
    for name, value in style.items():
        setattr(run, name, value)
    return paragraph


def add_heading(document: Any, block: Mapping[str, Any]) -> None:
    paragraph = document.add_paragraph()
    paragraph.add_run(clean(block["text"])).bold = True
    paragraph.paragraph_format.keep_with_next = True


def add_list(document: Any, block: Mapping[str, Any]) -> None:
    for number, text in enumerate(block["items"], start=1):
        document.add_paragraph(f"{number}. {clean(text)}")


def add_text(document: Any, block: Mapping[str, Any]) -> None:
    paragraph = document.add_paragraph(clean(block["text"]))
    paragraph.alignment = docx.enum.text.WD_ALIGN_PARAGRAPH.JUSTIFY


def add_facts(document: Any, block: Mapping[str, Any]) -> None:
    table = document.add_table(rows=0, cols=2)
    for label, value in block["rows"]:
        fill(table.add_row(), [label, f": {value}"])
    table.columns[0].width = millimetres(40)
    table.columns[1].width = millimetres(120)
    document.add_paragraph()


def add_table(document: Any, block: Mapping[str, Any]) -> None:
    table = document.add_table(rows=1, cols=len(block["head"]), style="Table Grid")
    fill(table.rows[0], block["head"])
    for row in block["rows"]:
        fill(table.add_row(), row)
    document.add_paragraph()


def fill(row: Any, texts: Sequence[str]) -> None:
    for cell, text in zip(row.cells, texts, strict=True):
        cell.text = clean(text)


def clean(text: str) -> str:
    return NOT_IN_XML.sub("", text)
