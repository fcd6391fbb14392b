"""The text of a statement letter: paragraphs with placeholders from a fixed list, never a program.

A word in braces stands in a line; a part in braces stands alone on its line.
"""

from __future__ import annotations

from types import MappingProxyType

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from competitions.placeholders import PLACEHOLDER, require_known

LONGEST_STATEMENT = 6000

WORDS = MappingProxyType(
    {
        "judul": _("title of the proposal"),
        "inovasi": _("name of the innovation"),
        "unit": _("unit"),
        "perangkat_daerah": _("agency that endorses"),
        "kompetisi": _("competition"),
        "tahun": _("year of the competition"),
        "kelompok": _("track"),
        "kategori": _("category"),
        "mulai": _("day since when it is implemented"),
    }
)
PARTS = MappingProxyType(
    {
        "penandatangan": _("name, NIP, position and unit of who signs"),
        "tim": _("table of the team"),
        "dampak": _("table of the claims of impact"),
    }
)


def check_statement(text: str) -> None:
    """Refuse what the portal could not fill in; the sentence names it."""
    if len(text) > LONGEST_STATEMENT:
        raise ValidationError(
            _("A letter has at most %(limit)d characters."),
            code="statement_long",
            params={"limit": LONGEST_STATEMENT},
        )
    for line in text.splitlines():
        _check_line(line.strip())


def _check_line(line: str) -> None:
    require_known(line, known=[*WORDS, *PARTS])
    for name in PLACEHOLDER.findall(line):
        if name in PARTS and line != f"{{{name}}}":
            raise ValidationError(
                _("{%(name)s} stands alone on its line."),
                code="statement_part",
                params={"name": name},
            )
