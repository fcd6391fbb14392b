"""What a judge's workbook says, cell by cell. No database: rows in, changes or problems out."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from accounts.importing import Problem
from judging.marks import Scale
from judging.offline import (
    OwnSheet,
    RowChange,
    State,
    check_offline,
    filled_with,
    heads_of,
    questions_of,
)
from kipp.lib.formsheets import Column, Line, write_form_sheet
from kipp.lib.sheets import Row, read_table
from tests.judging.laws import D

CRITERIA = [("signifikansi", "Signifikansi"), ("kebaruan", "Kebaruan")]
QUESTIONS = questions_of(CRITERIA)
HEADS = heads_of(QUESTIONS)
NOTHING: Mapping[str, str] = {}
SCALE = Scale(D(0), D(100), D("0.5"))
FIRST, SECOND, COMMENT = QUESTIONS[0].head, QUESTIONS[1].head, QUESTIONS[1].comment_head


def own(pk: int = 7, *, version: int = 3, state: State = State.OPEN) -> OwnSheet:
    saved = {"signifikansi": (D("80.00"), "Jelas"), "kebaruan": (None, "")}
    return OwnSheet(
        pk=pk,
        version=version,
        position=pk - 6,
        title=f"Inovasi {pk}",
        unit="Dinas",
        state=state,
        filled=filled_with(saved, comment="Layak", questions=QUESTIONS),
    )


def row_of(sheet: OwnSheet, typed: Mapping[str, str] = NOTHING, *, number: int = 2) -> Row:
    values = dict.fromkeys(HEADS, "")
    values |= {"no": str(sheet.position), "judul": sheet.title, "jejak": sheet.trace}
    for each in QUESTIONS:
        values[each.head] = sheet.filled.values[each.key]
        values[each.comment_head] = sheet.filled.comments[each.key]
    values |= {"catatan umum": sheet.filled.comment}
    letters = {head: chr(ord("A") + place) for place, head in enumerate(HEADS)}
    return Row(number, {**values, **typed}, letters)


def check(
    *rows: Row, sheets: Mapping[int, OwnSheet] | None = None
) -> tuple[list[RowChange], list[Problem]]:
    held = {7: own()} if sheets is None else sheets
    return check_offline(rows, held, questions=QUESTIONS, scale=SCALE)


def test_row_that_nobody_touched_says_nothing_even_after_the_portal_moved_on() -> None:
    moved = replace(own(version=9), filled=own(8).filled)

    assert check(row_of(own())) == ([], [])
    assert check(row_of(own()), sheets={7: moved}) == ([], [])
    assert check(row_of(own()), sheets={}) == ([], [])
    assert check() == ([], [])


def test_changed_cells_are_named_with_what_stood_there() -> None:
    row = row_of(own(), {FIRST: "85,5", SECOND: " 70 ", COMMENT: "Baru", "catatan umum": ""})

    ([change], problems) = check(row)

    assert problems == []
    assert [(each.cell, each.name, each.before, each.after) for each in change.cells] == [
        ("E2", FIRST, "80", "85.5"),
        ("G2", SECOND, "", "70"),
        ("H2", COMMENT, "", "Baru"),
        ("I2", "catatan umum", "Layak", ""),
    ]
    assert (change.values, change.comments, change.comment, change.missing) == (
        {"signifikansi": D("85.5"), "kebaruan": D(70)},
        {"kebaruan": "Baru"},
        "",
        (),
    )


def test_gap_is_told_and_saved_as_started() -> None:
    ([change], problems) = check(row_of(own(), {FIRST: ""}))

    assert problems == []
    assert change.missing == ("Signifikansi", "Kebaruan")
    assert change.values == {"signifikansi": None}


@pytest.mark.parametrize(
    "text",
    [
        "-1",
        "100,5",
        "101",
        "80.25",
        "NaN",
        "inf",
        "1e400",
        "1.000",
        "٣",
        "True",
        "2026-01-02",
        "8 5",
    ],
)
def test_value_off_the_scale_is_refused_with_its_cell(text: str) -> None:
    changes, [problem] = check(row_of(own(), {SECOND: text}))

    assert changes == []
    assert (problem.row, problem.cell) == (2, "G2")
    assert problem.text == (f"“{text}” for Kebaruan: give a number from 0 to 100 in steps of 0,5.")


def test_number_that_lost_digits_is_refused_with_its_cell() -> None:
    _changes, [problem] = check(replace(row_of(own(), {}), lost=frozenset({"catatan umum"})))

    assert problem.cell == "I2"
    assert problem.text.startswith("catatan umum: a long number")


def test_formulas_and_long_comments_are_refused_with_their_cells() -> None:
    row = row_of(own(), {FIRST: "=SUM(A1:A9)", COMMENT: "=1+1", "catatan umum": "x" * 5001})

    changes, problems = check(row)

    assert changes == []
    assert [(each.cell, each.text) for each in problems] == [
        ("E2", "Signifikansi holds a formula. Write the number itself, from 0 to 100."),
        ("H2", "catatan: Kebaruan begins like a formula. Remove the first sign."),
        ("I2", "catatan umum is longer than 5000 characters."),
    ]


@pytest.mark.parametrize(
    ("sheets", "cell", "words"),
    [
        ({}, "B2", "not assigned to you"),
        ({7: own(version=4)}, "J2", "changed on the portal"),
        ({7: own(state=State.SUBMITTED)}, "D2", "is handed in"),
        ({7: own(state=State.BARRED)}, "D2", "stepped back"),
        ({7: own(state=State.UNDECLARED)}, "D2", "Declare on the portal first"),
    ],
)
def test_row_that_may_not_be_written_says_why(
    sheets: Mapping[int, OwnSheet], cell: str, words: str
) -> None:
    changes, [problem] = check(row_of(own(), {SECOND: "70"}), sheets=sheets)

    assert changes == []
    assert problem.cell == cell
    assert words in problem.text


def test_mixed_rows_double_rows_and_lost_traces_are_refused() -> None:
    sheets = {7: own(7), 8: own(8)}
    mixed = row_of(own(7), {"no": "2", SECOND: "70"})
    twice = [row_of(own(8), {SECOND: "70"}, number=number) for number in (3, 4)]
    lost = row_of(own(8), {"jejak": "8-3"}, number=5)

    changes, problems = check(mixed, *twice, lost, sheets=sheets)

    assert [change.row for change in changes] == [3]
    assert [each.cell for each in problems] == ["A2", "B4", "J5"]


def test_the_same_file_again_has_nothing_left_to_say() -> None:
    filled = replace(own().filled, values={"signifikansi": "80", "kebaruan": "70"})
    saved = replace(own(version=4, state=State.SUBMITTED), filled=filled)

    assert check(row_of(own(), {SECOND: "70"}), sheets={7: saved}) == ([], [])


def test_equal_labels_get_their_keys_and_wide_sheets_lose_comments_first() -> None:
    twins = questions_of([("a", "Mutu"), ("b", "Mutu")])
    wide = questions_of([(f"k{number}", f"Butir {number}") for number in range(40)])

    assert [each.head for each in twins] == ["nilai: Mutu (a)", "nilai: Mutu (b)"]
    assert {each.comment_head for each in wide} == {""}
    assert len(heads_of(wide)) == 46


def test_workbook_locks_all_but_its_open_cells_and_is_read_back_as_written() -> None:
    columns = [
        Column(head="no", width=6),
        Column(head="nilai", width=9, is_open=True, choices=(D("0.5"), D(1)), hint="0,5 - 1"),
        Column(head="total", width=9, is_open=True, ends=(D(0), D(999999)), hint="0 - 999999"),
        Column(head="catatan", width=9, is_open=True),
    ]
    lines = [
        Line(["1", D("0.5"), D("12.25"), "=HYPERLINK(1)"]),
        Line(["2", None, None, ""], is_open=False),
    ]

    content = write_form_sheet(columns, lines, title="Lembar")

    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    locked = [[cell.protection.locked for cell in row] for row in sheet["A2:D3"]]
    rules = [(str(each.sqref), each.type) for each in sheet.data_validations.dataValidation]
    [row, *_rest] = read_table(io.BytesIO(content), columns=["no", "nilai", "total", "catatan"])
    assert sheet.protection.sheet
    assert locked == [[True, False, False, False], [True] * 4]
    assert rules == [("B2:B3", "list"), ("C2:C3", "decimal")]
    assert row.values == {"no": "1", "nilai": "0.5", "total": "12.25", "catatan": "=HYPERLINK(1)"}
