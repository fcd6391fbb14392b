"""The robustness sheet as an annex to the minutes.

It follows from the frozen inputs alone, but may be computed after the first judge signed: so it
stands behind the signatures and is no part of the text that they are bound to.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from judging.minutes_blocks import Block, bullets, heading, paragraph, table
from judging.queries.robustness import RobustnessSheet


def robustness_blocks(sheet: RobustnessSheet) -> list[Block]:
    told = {"tried": sheet.tried, "calm": sheet.calm, "size": sheet.size}
    said = _(
        "The law was run again %(tried)d times with one thing changed; %(calm)d times the same "
        "%(size)d entries stood within the line. This decides nothing, and is no part of the text "
        "that is signed by code."
    )
    return [
        heading(_("Annex: robustness of the list")),
        paragraph(said % told),
        *_moves(sheet),
        *_shaky(sheet),
    ]


def _moves(sheet: RobustnessSheet) -> list[Block]:
    if not sheet.rows:
        return []
    head = [_("Changed"), _("Enters"), _("Leaves")]
    rows = [[row.label, _names(row.entering), _names(row.leaving)] for row in sheet.rows]
    return [table(head, rows, widths=[4, 5, 5])]


def _shaky(sheet: RobustnessSheet) -> list[Block]:
    if not sheet.shaky:
        return []
    sentence = _("%(title)s: %(count)d of the changes would put it out.")
    return [bullets([sentence % {"title": title, "count": n} for title, n in sheet.shaky])]


def _names(titles: Sequence[str]) -> str:
    return ", ".join(titles) or "-"
