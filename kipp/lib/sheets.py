"""Tables in and out of spreadsheets: every cell is text, nothing in it is ever computed.

Reading: CSV (comma, semicolon or tab; UTF-8 or Latin-1) and XLSX, bounded in size.
Writing: XLSX with text cells, and CSV that a spreadsheet program opens without running it.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kipp.lib.files import Stream
from kipp.lib.late import late
from kipp.lib.text import clean_text

if TYPE_CHECKING:
    import openpyxl
    import openpyxl.utils.exceptions
    import openpyxl.worksheet.formula
    import xlsxwriter
    import xlsxwriter.utility
else:
    openpyxl, xlsxwriter = late("openpyxl"), late("xlsxwriter")

MAX_BYTES = 5 * 1024 * 1024
MAX_INFLATED_BYTES = 50 * 1024 * 1024
MAX_ROWS = 10_000
MAX_COLUMNS = 60
MAX_CELL = 32_000
PIECE = 64 * 1024
MAX_NUMBER = 10**15
DAY, MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
ZIP = b"PK\x03\x04"
# The forms of a list, and what a browser is told of each.
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
RUNS_IN_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r", "\n")
# Where a program that splits a line at other marks than ours would begin a cell that it computes.
INNER, COMPUTED = r"(?<=[,;\t\n])", r"(?:[=@]|[+-][^,;\t\n]*[(|])"
INNER_RUN = re.compile(f"{INNER}(?='*{COMPUTED})")
INNER_KEPT = re.compile(f"{INNER}(?='+{COMPUTED})")
INNER_MARK = re.compile(f"{INNER}'(?='*{COMPUTED})")


@dataclass(frozen=True, slots=True)
class Row:
    """`number` is the row as the spreadsheet program counts it; the header is row 1.

    `letters` are the program's own names of the columns. `lost` names those where a long number
    stood, whose last digits the program has changed already: its value here is empty.
    """

    number: int
    values: dict[str, str]
    letters: Mapping[str, str] = field(default_factory=dict, compare=False)
    lost: frozenset[str] = frozenset()


class LostNumber(str):
    """A cell of a workbook whose number has more digits than spreadsheet programs keep."""

    __slots__ = ()


def read_table(stream: Stream, *, columns: Sequence[str]) -> list[Row]:
    """Read the rows below the header; `columns` must be there, others are ignored.

    Headers match without regard to case and outer spaces; empty rows are skipped.
    """
    lines = _lines_of(stream)
    header = next(lines, None)
    if header is None:
        raise ValidationError(
            _("The file holds no rows. Fill it in and send it again."), code="no_rows"
        )
    places = _places(header[1], columns=columns)
    letters = {name: xlsxwriter.utility.xl_col_to_name(place) for name, place in places.items()}
    return [
        Row(
            number,
            {name: _at(line, place) for name, place in places.items()},
            letters,
            frozenset(name for name, place in places.items() if _is_lost(line, place)),
        )
        for number, line in lines
    ]


def read_heads(stream: Stream) -> list[str]:
    """The names of the columns as they stand, also those that nobody asked for."""
    header = [str(name) for name in next(_lines_of(stream), (0, []))[1]]
    return [name for place in range(len(header)) if (name := _at(header, place))]


def _lines_of(stream: Stream) -> Iterator[tuple[int, list[str]]]:
    stream.seek(0)
    content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ValidationError(
            _("The file is larger than 5 MB. Split it and send the parts."), code="too_big"
        )
    cells = _xlsx_cells(content) if content.startswith(ZIP) else _csv_cells(content)
    return _bounded(cells)


Sheet = tuple[str, Sequence[str], Iterable[Sequence[object]]]


def pieces_of(
    form: str, header: Sequence[str], rows: Iterable[Sequence[object]], *, title: str
) -> Iterator[bytes]:
    """In one of the forms of `MEDIA_TYPES`."""
    if form == "csv":
        return csv_lines(header, rows)
    return xlsx_pieces([(title, header, rows)])


def write_xlsx(header: Sequence[str], rows: Iterable[Sequence[object]], *, title: str) -> bytes:
    return b"".join(xlsx_pieces([(title, header, rows)]))


def xlsx_pieces(sheets: Iterable[Sheet]) -> Iterator[bytes]:
    """Write text cells, so that an NIP keeps its digits and a formula stays text; dates are dates.

    A moment is written as its own clock shows it: give it in the zone of its readers. Row by row
    into a file on disk, so that a list of any length takes no more memory than its longest row.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with TemporaryFile() as target:
        with xlsxwriter.Workbook(target, options) as book:
            styles = Styles(book)
            for title, header, rows in sheets:
                _write_sheet(book.add_worksheet(_sheet_name(title)), header, rows, styles=styles)
        target.seek(0)
        while piece := target.read(PIECE):
            yield piece


class Styles:
    def __init__(self, book: Any) -> None:
        self.head = book.add_format({"bold": True, "num_format": "@", "bottom": 1})
        self.text = book.add_format({"num_format": "@"})
        self.day = book.add_format({"num_format": DAY})
        self.moment = book.add_format({"num_format": MOMENT})


def _write_sheet(
    sheet: Any, header: Sequence[str], rows: Iterable[Sequence[object]], *, styles: Styles
) -> None:
    for column, name in enumerate(header):
        sheet.set_column(column, column, max(12, min(60, len(name) + 4)), styles.text)
    sheet.freeze_panes(1, 0)
    row = 0
    for row, values in enumerate(chain([header], rows)):
        for column, value in enumerate(values):
            if isinstance(value, date):
                style = styles.moment if isinstance(value, datetime) else styles.day
                sheet.write_datetime(row, column, _wall(value), style)
            else:
                style = styles.text if row else styles.head
                sheet.write_string(row, column, _kept(_written(value)), style)
    sheet.autofilter(0, 0, row, max(0, len(header) - 1))


def write_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    return b"".join(csv_lines(header, rows))


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """Write UTF-8 with a byte order mark and semicolons, which Indonesian Excel opens as columns.

    A text that would run as a formula gets an apostrophe in front; a plain number does not. So
    does what would run inside it where a program takes a comma for the end of a cell.
    """
    yield codecs.BOM_UTF8
    writer = csv.writer(_Passed(), delimiter=";", lineterminator="\r\n")
    for values in chain([header], rows):
        line: str = writer.writerow([_defused(_written(value)) for value in values])
        yield line.encode()


class _Passed:
    """A file that hands each line back: `writerow` answers what `write` does."""

    def write(self, line: str) -> str:
        return line


def _csv_cells(content: bytes) -> Iterator[list[str]]:
    text = _decoded(content)
    first_line = text.lstrip().partition("\n")[0]
    delimiter = max(",;\t", key=first_line.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise _unreadable() from error


def _decoded(content: bytes) -> str:
    """Excel writes UTF-8 with a mark, or the old Windows code page, of which Latin-1 is kin."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _xlsx_cells(content: bytes) -> Iterator[list[str]]:
    try:
        _check_archive(content)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        lines = sheet.iter_rows(max_col=MAX_COLUMNS + 1, values_only=True)
        for line in lines:
            yield [_read_cell(value) for value in line]
    except (
        zipfile.BadZipFile, openpyxl.utils.exceptions.InvalidFileException, ParseError,
        KeyError, ValueError, IndexError, TypeError, AttributeError,
        OSError, EOFError, OverflowError, NotImplementedError,
    ) as error:  # fmt: skip
        raise _unreadable() from error


def _read_cell(value: object) -> str:
    is_long = isinstance(value, (int, float)) and abs(value) >= MAX_NUMBER
    return LostNumber(value) if is_long else _shown(value)


def _check_archive(content: bytes) -> None:
    """A few KB can inflate to gigabytes; the archive says so beforehand, and is held to it."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(part.file_size for part in archive.infolist()) > MAX_INFLATED_BYTES:
            raise ValidationError(
                _("The workbook is too large inside. Copy the rows into a new one."), code="too_big"
            )


def _bounded(cells: Iterable[list[str]]) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(cells, start=1):
        is_empty = not any(value.strip() for value in line)
        if is_empty and number <= 10 * MAX_ROWS:
            continue
        if number > MAX_ROWS or any(line[MAX_COLUMNS:]):
            raise ValidationError(
                _("At most %(rows)s rows and %(columns)s columns can be read at once."),
                code="too_many",
                params={"rows": MAX_ROWS, "columns": MAX_COLUMNS},
            )
        yield number, line


def _places(header: Sequence[str], *, columns: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, name in enumerate(header):
        found.setdefault(_key(name), place)
    missing = [name for name in columns if _key(name) not in found]
    if missing:
        raise ValidationError(
            _("These columns are missing in the first row: %(names)s."),
            code="missing_columns",
            params={"names": ", ".join(missing)},
        )
    return {name: found[_key(name)] for name in columns}


def _key(name: str) -> str:
    return name.replace("\0", "").strip().casefold()


def _at(line: Sequence[str], place: int) -> str:
    """One cleaned cell; a short row ends in empty ones, and our own apostrophes go away."""
    if place >= len(line) or _is_lost(line, place):
        return ""
    value = INNER_MARK.sub("", clean_text(line[place].replace("\0", "")))
    return (value[1:] if value.startswith("'") and _runs(value) else value).strip()


def _is_lost(line: Sequence[str], place: int) -> bool:
    return place < len(line) and isinstance(line[place], LostNumber)


def _shown(value: object) -> str:
    """Text of a cell without a float's tail: 3.0 is 3, and long numbers keep every digit.

    A formula stays one, so that whoever checks the cell can refuse it: what it came to is a guess.
    """
    if value is None:
        return ""
    if isinstance(
        value,
        (openpyxl.worksheet.formula.ArrayFormula, openpyxl.worksheet.formula.DataTableFormula),
    ):
        return "="
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(" ", timespec="minutes").removesuffix(" 00:00")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _wall(value: date) -> date:
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value


def _written(value: object) -> str:
    return clean_text(_shown(value).replace("\0", ""))[:MAX_CELL]


def _kept(value: str) -> str:
    """A reader takes one apostrophe off what runs: whoever wrote one gets it back."""
    value = INNER_KEPT.sub("'", value)
    return f"'{value}" if value.startswith("'") and _runs(value) else value


def _defused(value: str) -> str:
    value = INNER_RUN.sub("'", value)
    return f"'{value}" if _runs(value) else value


def _runs(value: str) -> bool:
    """Would a spreadsheet program compute it, apostrophes aside? A number like -3,5 is harmless."""
    value = value.lstrip("'")
    if not value.strip() or not value.startswith(RUNS_IN_SPREADSHEETS):
        return False
    number = value[1:].replace(",", "", 1).replace(".", "", 1)
    return not (value[0] in "+-" and number.isascii() and number.isdigit())


def _sheet_name(title: str) -> str:
    """At most 31 characters, and none that a sheet's name must not hold."""
    cleaned = "".join(" " if character in "[]:*?/\\'" else character for character in title)
    return cleaned.strip()[:31].strip() or "Data"


def _unreadable() -> ValidationError:
    return ValidationError(
        _("The file cannot be read as CSV or XLSX. Save it anew from the spreadsheet program."),
        code="unreadable",
    )
