"""The required letters of the demonstration, set by typst as small real PDF files."""

from __future__ import annotations

from functools import cache
from typing import cast

import typst

TEMPLATE = """
#set document(title: sys.inputs.title, author: "Data contoh", date: none)
#set page(paper: "a4", margin: 2.5cm, footer: align(center, text(8pt, fill: luma(110))[
  Surat contoh untuk demonstrasi. Bukan dokumen resmi.
]))
#set text(size: 11pt, lang: "id")
#set par(justify: true, leading: 0.8em)
#align(center)[
  #text(9pt, fill: luma(110), tracking: 1pt)[CONTOH]\\
  #text(14pt, weight: "bold")[#sys.inputs.title - contoh]
  #line(length: 100%, stroke: 0.8pt)
]
#v(1em)
Yang bertanda tangan di bawah ini:
#table(columns: (4cm, auto), stroke: none, inset: (x: 0pt, y: 4pt),
  [Nama], [: #sys.inputs.signer],
  [Unit], [: #sys.inputs.unit],
  [Inovasi], [: #sys.inputs.innovation],
)
#sys.inputs.statement
#v(1em)
Demikian surat ini dibuat dengan sebenarnya. Bila kelak terbukti tidak benar, kami bersedia
digugurkan sesuai petunjuk teknis kompetisi.
#v(2em)
#align(right)[Malang, tanggal contoh #v(3em) #underline(sys.inputs.signer)]
"""
STATEMENTS = {
    "surat_implementasi": (
        "Surat Pernyataan Implementasi",
        (
            "Menyatakan bahwa inovasi tersebut telah diterapkan sekurangnya dua belas bulan dan "
            "masih berjalan sampai surat ini ditandatangani."
        ),
    ),
    "surat_identitas": (
        "Surat Pernyataan Identitas Perorangan atau Tim",
        (
            "Menyatakan bahwa inovasi tersebut digagas dan dilaksanakan oleh nama yang tertulis "
            "pada proposal, dan tidak ada pihak lain yang berhak atas gagasan itu."
        ),
    ),
    "surat_replikasi": (
        "Surat Pernyataan Kesediaan Replikasi",
        (
            "Menyatakan bersedia membagikan cara kerja, formulir, dan pengalaman kepada unit lain "
            "yang hendak meniru inovasi tersebut."
        ),
    ),
}


@cache
def make_letter(kind: str, *, innovation: str, unit: str, signer: str) -> bytes:
    """Set one letter; `kind` is a key of STATEMENTS."""
    title, statement = STATEMENTS[kind]
    words = {
        "title": title,
        "statement": statement,
        "innovation": innovation,
        "unit": unit,
        "signer": signer,
    }
    return cast("bytes", _compiler().compile(TEMPLATE.encode(), sys_inputs=words))


@cache
def _compiler() -> typst.Compiler:
    """One for all letters: it reads the fonts once."""
    return typst.Compiler(ignore_system_fonts=True)
