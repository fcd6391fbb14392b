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
from typing import TYPE_CHECKING, Literal, cast

from kipp.lib.late import late

if TYPE_CHECKING:
    import typst
else:
    typst = late("typst")

KIPP = Path(__file__).resolve().parent.parent
TEMPLATES = KIPP / "documents"
FONTS = KIPP / "fonts"

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
    pdf = _compiler().compile(
        input=str(TEMPLATES / f"{name}.typ"),
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=standard,
        timestamp=int(at.timestamp()),
    )
    return cast("bytes", pdf)


@cache
def _compiler() -> typst.Compiler:
    """Keep one compiler: the fonts are read and the templates parsed only once."""
    return typst.Compiler(root=str(TEMPLATES), font_paths=[str(FONTS)], ignore_system_fonts=True)
