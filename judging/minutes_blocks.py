"""The blocks that a paper is made of, for PDF and DOCX alike."""

from __future__ import annotations

from collections.abc import Sequence

Block = dict[str, object]


def heading(text: str) -> Block:
    return {"kind": "heading", "text": text}


def paragraph(text: str) -> Block:
    return {"kind": "text", "text": text}


def bullets(items: Sequence[str]) -> Block:
    return {"kind": "list", "items": list(items)}


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, widths: Sequence[int]) -> Block:
    return {
        "kind": "table",
        "head": list(head),
        "rows": [list(row) for row in rows],
        "widths": list(widths),
    }
