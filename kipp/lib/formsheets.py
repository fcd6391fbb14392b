"""A workbook to fill in away from the portal: locked but for its open cells, checked as one types.

What comes back is read by `kipp.lib.sheets` and checked anew: a lock without a password keeps
slips away, not people.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kipp.lib.late import late
from kipp.lib.text import clean_text

if TYPE_CHECKING:
    import xlsxwriter
    import xlsxwriter.utility
else:
    xlsxwriter = late("xlsxwriter")

CHOICES = "Pilihan"
# Excel shows no longer text beside a cell.
MAX_HINT, MAX_HINT_TITLE = 255, 32
Cell = str | Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """`choices`: all numbers that an open cell takes; `ends`: any between; neither: text."""

    head: str
    width: int
    is_open: bool = False
    choices: tuple[Decimal, ...] = ()
    ends: tuple[Decimal, Decimal] | None = None
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    cells: Sequence[Cell]
    is_open: bool = True


def write_form_sheet(columns: Sequence[Column], lines: Iterable[Line], *, title: str) -> bytes:
    """The first two columns stay in sight, and so does the header."""
    target = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, {**options, "in_memory": True}) as book:
        sheet = book.add_worksheet(title)
        sheet.protect("", {"format_columns": True, "format_rows": True})
        sheet.freeze_panes(1, 2)
        styles = _Styles(book)
        count = 0
        for count, line in enumerate(lines, start=1):
            _write_line(sheet, count, line, columns=columns, styles=styles)
        lists = _write_choices(book, columns)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(0, place, column.head, styles.head)
            if count and (column.choices or column.ends):
                _check_cells(sheet, place, column, count=count, list_of=lists)
    return target.getvalue()


class _Styles:
    def __init__(self, book: Any) -> None:
        wrapped = {"text_wrap": True, "valign": "top"}
        self.head = book.add_format({**wrapped, "bold": True, "bottom": 1})
        self.locked = book.add_format({**wrapped, "font_color": "#555555"})
        self.text = book.add_format(
            {**wrapped, "locked": False, "num_format": "@", "bg_color": "#FFF8E1", "border": 1}
        )
        self.number = book.add_format(
            {"valign": "top", "locked": False, "bg_color": "#FFF8E1", "border": 1}
        )


def _write_line(
    sheet: Any, row: int, line: Line, *, columns: Sequence[Column], styles: _Styles
) -> None:
    for place, (column, cell) in enumerate(zip(columns, line.cells, strict=True)):
        style = styles.locked
        if column.is_open and line.is_open:
            style = styles.number if column.choices or column.ends else styles.text
        if cell is None or cell == "":
            sheet.write_blank(row, place, None, style)
        elif isinstance(cell, Decimal):
            sheet.write_number(row, place, float(cell), style)
        else:
            sheet.write_string(row, place, clean_text(cell.replace("\0", "")), style)


def _write_choices(book: Any, columns: Sequence[Column]) -> dict[tuple[Decimal, ...], str]:
    """Write each list of choices to hidden cells and return where it lies.

    A list inside the validation rule itself would depend on the reader's decimal sign.
    """
    lists = list(dict.fromkeys(each.choices for each in columns if each.choices))
    if not lists:
        return {}
    sheet = book.add_worksheet(CHOICES)
    sheet.protect()
    sheet.hide()
    found = {}
    for place, choices in enumerate(lists):
        sheet.write_column(0, place, [float(each) for each in choices])
        letter = xlsxwriter.utility.xl_col_to_name(place)
        found[choices] = f"={CHOICES}!${letter}$1:${letter}${len(choices)}"
    return found


def _check_cells(
    sheet: Any,
    place: int,
    column: Column,
    *,
    count: int,
    list_of: Mapping[tuple[Decimal, ...], str],
) -> None:
    rule: dict[str, object] = {
        "input_title": column.head[:MAX_HINT_TITLE],
        "input_message": column.hint[:MAX_HINT],
        "error_message": column.hint[:MAX_HINT],
    }
    if column.ends is None:
        rule |= {"validate": "list", "source": list_of[column.choices]}
    else:
        low, high = map(float, column.ends)
        rule |= {"validate": "decimal", "criteria": "between", "minimum": low, "maximum": high}
    sheet.data_validation(1, place, count, place, rule)
