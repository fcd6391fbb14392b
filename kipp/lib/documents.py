"""PDFs typeset from templates in `kipp/documents`: archival (PDF/A-3b), the same bytes every time.

Each template's header lists the data that it needs. Data is inert: it is shown, never run.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal, cast

from kipp.lib.late import late

if TYPE_CHECKING:
    import typst
else:
    typst = late("typst")

KIPP = Path(__file__).resolve().parent.parent
TEMPLATES = KIPP / "documents"
FONTS = KIPP / "fonts"
# The file of the data, as templates call it.
DATA = "data.json"
SHARED = ("house.typ", "ledger.typ")

_one_at_a_time = Lock()


def render_document(name: str, data: Mapping[str, object], *, at: datetime) -> bytes:
    """Typeset one document; `at` is its date, so that the same input gives the same bytes.

    An archival PDF must have a glyph for every character. A title with an emoji or a rare
    script still gets its document, then as an ordinary PDF.
    """
    with _one_at_a_time:
        try:
            return _typeset(name, data, at=at, standard="a-3b")
        except typst.TypstError:
            return _typeset(name, data, at=at, standard="1.7")


def _typeset(
    name: str, data: Mapping[str, object], *, at: datetime, standard: Literal["a-3b", "1.7"]
) -> bytes:
    given = {DATA: json.dumps(data, ensure_ascii=False).encode()}
    pdf = _compiler().compile(
        input=cast("Any", {**_template(name), **given}),  # its stub has not heard of several files
        format="pdf",
        pdf_standards=standard,
        timestamp=int(at.timestamp()),
    )
    return cast("bytes", pdf)


@cache
def _template(name: str) -> dict[str, bytes]:
    """The template as typst calls the one to begin with, and what templates import."""
    names = {"main.typ": f"{name}.typ", **{shared: shared for shared in SHARED}}
    return {name: (TEMPLATES / file).read_bytes() for name, file in names.items()}


@cache
def _compiler() -> typst.Compiler:
    """Keep one: fonts are read once. All but the one file with the data stays the same from one
    document to the next, so typst draws again only what the data changes.
    """
    return typst.Compiler(root=str(TEMPLATES), font_paths=[str(FONTS)], ignore_system_fonts=True)
