"""A matrix of totals, cell by cell. No database: rows in, totals or problems out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from accounts.importing import Problem
from judging.marks import Scale
from judging.matrix import Field, Held, NewTotal, Place, Seat, check_matrix, seat_heads, strangers
from kipp.lib.sheets import Row
from tests.judging.laws import D

SEATS = (Seat(1, "Ani"), Seat(2, "Budi"))
NOTHING: Mapping[str, str] = {}
LETTERS = {"tanda terima": "A", "judul": "B", "Ani": "C", "Budi": "D"}


def row(typed: Mapping[str, str] = NOTHING, *, number: int = 2) -> Row:
    values = {"tanda terima": "K-1", "judul": "Antrean Rumah", "Ani": "", "Budi": ""}
    return Row(number, {**values, **typed}, LETTERS)


OPEN = Place(Held.OPEN, 11)


def check(*rows: Row, ani: Place = OPEN) -> tuple[list[NewTotal], list[Problem]]:
    places = {("K-1", 1): ani, ("K-2", 1): ani, ("K-1", 2): Place(Held.OPEN, 12)}
    against = Field(
        titles={"K-1": "Antrean Rumah", "K-2": "Timbang"},
        seats=SEATS,
        places=places,
        scale=Scale(D(1), D(25), D("0.5")),
    )
    return check_matrix(rows, against)


def test_totals_are_read_with_comma_or_point_and_s_steps_back() -> None:
    totals, problems = check(row({"Ani": "22,5", "Budi": "S", "judul": "antrean  rumah"}))

    assert problems == []
    assert [(each.cell, each.judge, each.pk, each.total) for each in totals] == [
        ("C2", "Ani", 11, D("22.5")),
        ("D2", "Budi", 12, None),
    ]


def test_empty_cells_say_nothing() -> None:
    assert check(row()) == ([], [])
    assert check() == ([], [])


@pytest.mark.parametrize("text", ["0", "26", "22.25", "-3", "NaN", "1e400", "=C1", "ss", "٣"])
def test_what_is_no_total_is_refused_with_its_cell(text: str) -> None:
    totals, [problem] = check(row({"Ani": text}))

    assert totals == []
    assert (problem.row, problem.cell) == (2, "C2")
    assert problem.text.startswith("Ani")


def test_number_that_lost_digits_is_refused_with_its_cell() -> None:
    totals, [problem] = check(replace(row(), lost=frozenset({"Ani"})))

    assert (totals, problem.cell) == ([], "C2")
    assert problem.text.startswith("Ani: a long number")


@pytest.mark.parametrize(
    ("place", "text", "words"),
    [
        (Place(Held.RECUSED, 11), "20", "stepped back"),
        (Place(Held.ABSENT), "20", "does not read"),
        (Place(Held.SCORED, 11, D("20.00")), "", "the portal has 20 here"),
        (Place(Held.SCORED, 11, D("20.00")), "s", "the portal has 20 here"),
    ],
)
def test_cell_that_the_portal_contradicts_is_refused(place: Place, text: str, words: str) -> None:
    totals, [problem] = check(row({"Ani": text}), ani=place)

    assert (totals, problem.cell) == ([], "C2")
    assert words in problem.text


def test_what_stands_already_is_left_alone_or_told_as_a_correction() -> None:
    scored = Place(Held.SCORED, 11, D("20.00"))

    assert check(row({"Ani": "20"}), ani=scored) == ([], [])
    assert check(row({"Ani": "s"}), ani=Place(Held.RECUSED, 11)) == ([], [])
    assert check(row({"Ani": "s"}), ani=Place(Held.ABSENT)) == ([], [])
    ([correction], _problems) = check(row({"Ani": "21"}), ani=scored)
    assert (correction.before_text, correction.total_text) == ("20", "21")


def test_rows_of_others_double_rows_and_mixed_titles_are_refused() -> None:
    rows = (
        row({"tanda terima": "K-9"}, number=2),
        row({"tanda terima": "k-2", "judul": "Timbang", "Ani": "20"}, number=3),
        row({"tanda terima": "K-2", "judul": "Timbang"}, number=4),
        row({"judul": "Timbang"}, number=5),
    )

    totals, problems = check(*rows)

    assert [each.cell for each in totals] == ["C3"]
    assert [each.cell for each in problems] == ["A2", "A4", "B5"]


def test_judges_of_one_name_are_told_apart_and_unknown_columns_found() -> None:
    seats = seat_heads([(1, "Ani", "JXQ"), (2, "ani", "KPW"), (3, "Budi", "LMN")])

    assert [seat.head for seat in seats] == ["Ani (JXQ)", "ani (KPW)", "Budi"]
    assert strangers(["Tanda terima", "JUDUL", "unit", "budi ", "Cici"], seats) == ["Cici"]
