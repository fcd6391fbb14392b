from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from itertools import chain
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from kipp.lib.sheets import MAX_BYTES, MAX_ROWS, Row, read_table, write_csv, write_xlsx
from kipp.lib.text import clean_text

COLUMNS = ["Nama", "NIP"]
NIP = "199608182022041001"
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)
# Where a formula begins inside a cell, and the apostrophes that are ours or the writer's.
MARKS = st.text(",;\t\n'=+-@(|a", max_size=12)


def read(content: bytes, *, columns: Sequence[str] = COLUMNS) -> list[Row]:
    return read_table(io.BytesIO(content), columns=columns)


def refusal(content: bytes) -> str | None:
    with pytest.raises(ValidationError) as caught:
        read(content)
    assert caught.value.messages[0].endswith(".")
    return caught.value.code


def workbook(*rows: Sequence[Any]) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(list(row))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        f"Nama,NIP\nSiti,{NIP}\n".encode(),
        f"Nama;NIP\r\nSiti;{NIP}\r\n".encode("utf-8-sig"),
        f"Nama\tNIP\rSiti\t{NIP}".encode(),
        f'nama ;"NIP";lain\n"Siti";"{NIP}";x'.encode(),
        f"NIP;Nama\n'{NIP};Siti\n".replace("'", "").encode("latin-1"),
        workbook(["Nama", "NIP"], ["Siti", NIP]),
        workbook(["lain", " NIP ", "NAMA"], [1, NIP, "Siti"]),
        write_csv(COLUMNS, [["Siti", NIP]]),
        write_xlsx(COLUMNS, [["Siti", NIP]], title="Orang"),
    ],
)
def test_table_is_read_as_text_from_any_of_the_usual_forms(content: bytes) -> None:
    assert read(content) == [Row(2, {"Nama": "Siti", "NIP": NIP})]


def test_rows_keep_their_numbers_and_empty_ones_are_skipped() -> None:
    content = b"Nama;NIP\n\n ; \nBudi\nSiti;1;2;3\n"
    book = workbook(["Nama", "NIP"], [], [None, " "], ["Budi"], ["Siti", 1])

    expected = [Row(4, {"Nama": "Budi", "NIP": ""}), Row(5, {"Nama": "Siti", "NIP": "1"})]
    assert read(content) == expected
    assert read(book) == expected


def test_latin_1_and_quoted_lines_are_read() -> None:
    content = 'Nama;NIP\n"Caf\xe9\nLantai 2; Malang";1\n'.encode("latin-1")

    assert read(content) == [Row(2, {"Nama": "Caf\xe9\nLantai 2; Malang", "NIP": "1"})]


def test_cells_are_cleaned() -> None:
    content = "Nama;NIP\n\u200b Siti\u00a0Aminah\0 ;'=1+1\n".encode()

    assert read(content) == [Row(2, {"Nama": "Siti Aminah", "NIP": "=1+1"})]


def test_formulas_stay_and_dates_and_numbers_become_plain_text() -> None:
    book = workbook(
        ["Nama", "NIP"],
        ["=1+1", 3.0],
        [date(2026, 2, 28), 2.5],
        [datetime(2026, 2, 28, 23, 59), True],  # noqa: DTZ001 - spreadsheets know no zones
    )

    assert [row.values for row in read(book)] == [
        {"Nama": "=1+1", "NIP": "3"},
        {"Nama": "2026-02-28", "NIP": "2.5"},
        {"Nama": "2026-02-28 23:59", "NIP": "True"},
    ]


@pytest.mark.parametrize("number", [int(NIP), float(NIP), -float(NIP), 1e300, 10**15])
def test_number_that_lost_digits_is_named_with_its_row(number: float) -> None:
    book = workbook(["Nama", "Lain", "NIP"], ["Siti", number, "7"], ["Budi", "", number])

    rows = read(book)

    assert rows == [
        Row(2, {"Nama": "Siti", "NIP": "7"}),
        Row(3, {"Nama": "Budi", "NIP": ""}, lost=frozenset({"NIP"})),
    ]


def bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 60_000_000)
    return target.getvalue()


def other_archive() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("surat.txt", "bukan tabel")
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "no_rows"),
        (b"\n;;\n", "no_rows"),
        (workbook(), "no_rows"),
        (b"Nama;Unit\nSiti;Dinas", "missing_columns"),
        (b"a" * (MAX_BYTES + 1), "too_big"),
        (b"Nama;NIP\n" + b"Siti;1\n" * MAX_ROWS, "too_many"),
        (b"Nama;NIP" + b";" * 60 + b"x\n", "too_many"),
        (b"Nama;NIP\n" + b"\n" * 10 * MAX_ROWS, "too_many"),
        (b'Nama;NIP\n"' + b"a" * 200_000 + b'";1', "unreadable"),
        (bomb(), "too_big"),
        (other_archive(), "unreadable"),
        (workbook(["Nama", "NIP"])[:-200], "unreadable"),
        (b"PK\x03\x04 rubbish", "unreadable"),
    ],
)
def test_file_that_cannot_be_used_is_refused(content: bytes, code: str) -> None:
    assert refusal(content) == code


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("+62 812", "'+62 812"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t'=1"),
        ("\r=1", "'\n'=1"),
        ("-", "'-"),
        ("-3,5", "-3,5"),
        ("+62812", "+62812"),
        ("-1+1", "'-1+1"),
        ("aman = ya", "aman = ya"),
        (NIP, NIP),
        (None, ""),
        (3.0, "3"),
        (date(2026, 2, 28), "2026-02-28"),
    ],
)
def test_csv_runs_nothing(value: object, shown: str) -> None:
    content = write_csv(["Nama"], [[value]])

    assert content.startswith(b"\xef\xbb\xbfNama\r\n")
    line = content.decode("utf-8-sig").split("\r\n", 1)[1]
    assert line.removesuffix("\r\n").strip('"') == shown


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("start", ["x,", "x;", "x\t", "x\n", 'x",', "x,'"])
@pytest.mark.parametrize("formula", ["=1+1", "=cmd|' /C calc'!A0", "@SUM(A1)", "-2+cmd|' /C'!A0"])
def test_no_formula_begins_inside_a_cell_whatever_ends_cells(
    delimiter: str, start: str, formula: str
) -> None:
    text = write_csv(COLUMNS, [["Siti", start + formula]]).decode("utf-8-sig")

    cells = chain.from_iterable(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))

    assert [cell for cell in cells if cell.startswith(tuple("=+-@"))] == []


def test_csv_leaves_a_price_and_a_list_as_they_are() -> None:
    told = "Rp 5.000,-\n- Satu, +62812\n-3,-4"

    assert write_csv(["Nama"], [[told]]).decode("utf-8-sig") == f'Nama\r\n"{told}"\r\n'


def test_xlsx_holds_only_text_cells() -> None:
    rows = [["=1+1", int(NIP), None, 2.5, "https://kipp.example"]]

    content = write_xlsx(["a", "b", "c", "d", "e"], rows, title="Peringkat [1]/2: 'akhir' " * 3)

    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    cells = next(iter(sheet.iter_rows(min_row=2)))
    assert [cell.value for cell in cells] == ["=1+1", NIP, "", "2.5", "https://kipp.example"]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert cells[0].data_type == "s"
    assert sheet.title == "Peringkat  1  2   akhir  Pering"
    assert {cell.hyperlink for cell in cells} == {None}


def test_xlsx_without_rows_or_title_opens() -> None:
    content = write_xlsx([], [], title="[]")

    assert load_workbook(io.BytesIO(content)).sheetnames == ["Data"]


@given(st.lists(st.tuples(TEXTS, TEXTS | MARKS), max_size=5))
@example([("Siti", "'@")])
@example([("Siti,=1", "x,'=1\n''@a;-b(c)")])
def test_what_is_written_reads_back(rows: list[tuple[str, str]]) -> None:
    cleaned = [tuple(clean_text(value).strip() for value in row) for row in rows]
    expected = [
        Row(number, dict(zip(COLUMNS, row, strict=True)))
        for number, row in enumerate(cleaned, start=2)
        if any(row)
    ]

    assert read(write_xlsx(COLUMNS, rows, title="Orang")) == expected
    assert [row.values for row in read(write_csv(COLUMNS, rows))] == [
        row.values for row in expected
    ]


@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", b"Nama;NIP\n"]))
def test_rubbish_is_read_or_refused_but_never_a_crash(rubbish: bytes, start: bytes) -> None:
    with suppress(ValidationError):
        rows = read(start + rubbish)
        assert all(set(row.values) == set(COLUMNS) for row in rows)
