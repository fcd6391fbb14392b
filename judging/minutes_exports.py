"""Minutes and addenda as PDF, to be signed, and as DOCX, for who has a house form to fill."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, cast

from django.utils import translation

from judging.minutes import addendum_data, minutes_data, signature_blocks
from judging.minutes_annex import robustness_blocks
from judging.minutes_blocks import Block
from judging.models import Addendum, Ranking
from judging.queries.minutes import minutes_of, signatures_of
from judging.queries.robustness import robustness_of, sheet_of
from kipp.lib import wordfiles
from kipp.lib.documents import render_document

Data = Mapping[str, Any]
Writer = Callable[..., bytes]


def minutes_file(ranking: Ranking, *, ending: str) -> bytes:
    """The same ranking, signatures and robustness give the same PDF: its date is the freeze's."""
    with translation.override("id"):
        data = minutes_data(minutes_of(ranking))
        signed = signature_blocks(signatures_of(ranking), ranking=ranking)
        row = robustness_of(ranking)
        annex = robustness_blocks(sheet_of(row, ranking=ranking)) if row else []
        data["blocks"] = [*cast("list[Block]", data["blocks"]), *signed, *annex]
    return WRITERS[ending](data, at=ranking.frozen_at)


def addendum_file(addendum: Addendum, *, ending: str) -> bytes:
    with translation.override("id"):
        data = addendum_data(addendum)
    return WRITERS[ending](data, at=addendum.written_at)


def _pdf(data: Data, *, at: datetime) -> bytes:
    return render_document("minutes", data, at=at)


def _docx(data: Data, *, at: datetime) -> bytes:
    document = wordfiles.new_file(title=data["title"], author=data["site"], at=at)
    wordfiles.add_head(document, lines=[data["agency"]], title=data["title"])
    wordfiles.add_line(document, data["subject"])
    wordfiles.add_line(document, data["number"])
    for block in data["blocks"]:
        DRAWN[block["kind"]](document, block)
    wordfiles.add_text(document, {"text": data["place"]})
    rows = [[*row, ""] for row in data["signatures"]]
    wordfiles.add_table(document, {"head": data["signature_head"], "rows": rows})
    return wordfiles.as_bytes(document)


DRAWN: Mapping[str, Callable[[Any, Data], None]] = MappingProxyType(
    {
        "heading": wordfiles.add_heading,
        "text": wordfiles.add_text,
        "list": wordfiles.add_list,
        "facts": wordfiles.add_facts,
        "table": wordfiles.add_table,
    }
)
WRITERS: Mapping[str, Writer] = MappingProxyType({"pdf": _pdf, "docx": _docx})
