"""Rows out of a CSV or XLSX file that a stranger sent. Nothing in it is computed or trusted."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

MAX_ROWS = 2000
MAX_COLUMNS = 40
MAX_CELL = 2000
MAX_UNPACKED = 60 * 1024 * 1024
OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"
# A spreadsheet keeps 15 digits of a number; the rest it makes up.
EXACT_BELOW = 10**15


@dataclass(frozen=True, slots=True)
class Row:
    """`number` as the spreadsheet counts; `inexact`: columns whose digits the program lost."""

    number: int
    cells: tuple[str, ...]
    inexact: frozenset[int] = frozenset()


def read_rows(content: bytes) -> list[Row]:
    """The rows that hold anything, header first. The content says what it is, not the name."""
    if not content.strip():
        raise ValidationError(_("The file is empty."), code="empty")
    if content.startswith(OLD_OR_LOCKED):
        raise ValidationError(
            _("The file is locked with a password or in the old XLS form. Save it as XLSX."),
            code="locked",
        )
    found = _read_xlsx(content) if content.startswith(b"PK") else _read_csv(content)
    rows = [row for row in found if any(row.cells)]
    if not rows:
        raise ValidationError(_("The file is empty."), code="empty")
    return rows


def _read_xlsx(content: bytes) -> Iterator[Row]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
        if unpacked > MAX_UNPACKED:
            raise _unreadable()
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False)
        values = book.worksheets[0].iter_rows(max_col=MAX_COLUMNS, values_only=True)
        yield from _limited(_as_row(number, cells) for number, cells in enumerate(values, 1))
    except (
        zipfile.BadZipFile,
        InvalidFileException,
        KeyError,
        IndexError,
        ValueError,
        TypeError,
        SyntaxError,  # what the XML parser raises
        OSError,
    ) as error:
        raise _unreadable() from error


def _read_csv(content: bytes) -> Iterator[Row]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = content.decode("utf-16", errors="replace")
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("cp1252", errors="replace")
    head = text.split("\n", 1)[0]
    mark = max(";,\t", key=head.count)
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
        yield from _limited(_as_row(number, cells) for number, cells in enumerate(lines, 1))
    except csv.Error as error:
        raise _unreadable() from error


def _limited(rows: Iterable[Row]) -> Iterator[Row]:
    for row in rows:
        if row.number > MAX_ROWS + 1 and any(row.cells):
            raise ValidationError(
                _("The file has more than %(count)s rows. Split it into several."),
                code="too_many_rows",
                params={"count": MAX_ROWS},
            )
        if row.number > 5 * MAX_ROWS:
            return
        yield row


def _as_row(number: int, values: Iterable[object]) -> Row:
    values = list(values)[:MAX_COLUMNS]
    inexact = {index for index, value in enumerate(values) if _is_inexact(value)}
    return Row(number, tuple(_as_text(value) for value in values), frozenset(inexact))


def _is_inexact(value: object) -> bool:
    return isinstance(value, int | float) and abs(value) >= EXACT_BELOW


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip(" \t\r\n")[:MAX_CELL]


def _unreadable() -> ValidationError:
    return ValidationError(
        _("The file cannot be read. Save it again as XLSX or CSV and choose it anew."),
        code="unreadable",
    )
