"""Example sheets that the import accepts as they are."""

from __future__ import annotations

import csv
import io

import xlsxwriter

UNITS = (
    ("nama", "singkatan", "kode", "tingkat", "jenis", "induk"),
    ("Dinas Contoh", "Dincon", "X.01", "perangkat daerah", "Dinas", "Pemerintah Kota Contoh"),
    ("Puskesmas Contoh", "", "X.01.1", "unit kerja", "Puskesmas", "X.01"),
)
PEOPLE = (
    ("nama", "email", "nip", "telepon", "unit", "peran"),
    (
        "Dr. Siti Contoh, M.Si.",
        "siti@demo.example",
        "19960818 202204 2 001",
        "0812 3456 7890",
        "X.01",
        "pengesah",
    ),
    ("Budi Contoh", "budi@demo.example", "", "", "Puskesmas Contoh", "penyusun"),
)
EXAMPLES = {"units": UNITS, "people": PEOPLE}


def as_csv(rows: tuple[tuple[str, ...], ...]) -> bytes:
    """With a mark of its encoding, so that a spreadsheet opens it right."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(rows: tuple[tuple[str, ...], ...]) -> bytes:
    """Every column is formatted as text: an NIP as a number loses its last digits."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        sheet.set_column(0, len(rows[0]) - 1, 28, book.add_format({"num_format": "@"}))
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return out.getvalue()


WRITERS = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
