from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest
from django.urls import reverse

from bench.crowd import sheet_in
from bench.driving import Load, Person
from bench.measuring import Figures
from bench.plan import Client, Page, read_plan, write_plan
from bench.report import (
    Fact,
    breaking_sentence,
    crowd_facts,
    frozen_facts,
    growth_facts,
    large_facts,
    page_rows,
    reminding_facts,
    rush_facts,
)
from bench.rush import Rush, Wave, mixed, pk_in


def figures(cpu_ms: float, *, statements: int = 5, seconds: float = 0.01) -> Figures:
    """A hundred answers that took the same time each."""
    load = Load(seconds=1.0, answers=[seconds] * 100)
    return Figures(statements, 200, True, alone=load, load=load, turns=[cpu_ms])


def test_row_says_what_is_over_its_budget() -> None:
    measured = {
        "queue": {"portal": figures(12), "floor": figures(10)},
        "section-save": {
            "portal": figures(20, statements=9, seconds=0.2),
            "floor": figures(10, statements=4),
        },
    }

    rows = {row[0]: (row[3], row[-1]) for row in page_rows(measured)}

    assert rows == {
        "judge's queue of 25": ("1.20", ""),
        "section saved": (
            "2.00",
            "over budget: CPU, more than 4 statements, p50 above 20 ms, p99 above 150 ms",
        ),
    }


def test_row_of_a_page_that_does_not_answer_says_so() -> None:
    missing = Figures(0, 404, is_expected=False)

    (row,) = page_rows({"home": {"portal": missing, "floor": figures(10)}})

    assert row[-1] == "not measured: portal answers 404"


def test_ratio_is_the_middle_of_the_pairs() -> None:
    """A machine that slows down half way, and a neighbour during one turn of one project."""
    ours, floor = figures(10), figures(10)
    ours.turns, floor.turns = [12, 24, 24, 70, 24], [10, 20, 20, 20, 20]

    (row,) = page_rows({"queue": {"portal": ours, "floor": floor}})

    assert row[1:4] == ("24.0", "20.0", "1.20")


def test_errors_under_load_are_counted() -> None:
    ours = figures(10)
    ours.load.errors = 3

    (row,) = page_rows({"queue": {"portal": ours, "floor": figures(10)}})

    assert row[-1] == "6 errors"


def test_board_must_not_grow_with_the_edition() -> None:
    measured = {
        "board-60": {"portal": figures(10)},
        "board": {"portal": figures(15, statements=6)},
    }
    measured["board-60"]["portal"].turns = [10, 30, 10]
    measured["board"]["portal"].turns = [15, 45, 60]

    ratio, more = growth_facts(measured)

    assert (ratio.value, ratio.is_over) == (1.5, True)
    assert (more.value, more.is_over) == (1, True)


def test_fact_is_over_above_a_ceiling_and_below_a_floor() -> None:
    verdicts = [
        Fact("ranking", value, 2, "x", is_floor=is_floor).is_over
        for is_floor in (False, True)
        for value in (1, 3)
    ]

    assert verdicts == [False, True, True, False]


def test_quantile_is_in_milliseconds() -> None:
    load = Load(answers=[number / 1000 for number in range(100, 0, -1)])

    assert [load.quantile(0.5), load.quantile(0.99)] == [51.0, 100.0]


@pytest.mark.parametrize("body", [b'{"version": 2}', b'e\r\n{"version": 2}\r\n0\r\n\r\n'])
def test_person_carries_the_version_on_and_writes_on(body: bytes) -> None:
    person = Person(Client("/simpan/", "key", {"version": "1", "text": "a"}))

    person.learn(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n" + body)

    assert person.form == {"version": "2", "text": "a 2"}
    assert person.request().endswith(b"\r\n\r\nversion=2&text=a+2")


def test_plan_is_read_as_it_was_written(tmp_path: Path) -> None:
    pages = [Page("queue", (Client("/a/", "key"), Client("/b/", form={"x": "1"})), statements=7)]
    path = tmp_path / "plan"

    write_plan(path, pages)

    assert read_plan(path) == {"queue": pages[0]}


def wave(rate: int, *, seconds: float, errors: int = 0) -> Wave:
    return Wave(
        rate, Load(seconds=10.0, answers=[seconds] * 100, errors=errors), cores=0.8, web=0.5
    )


def test_deadline_says_what_waits_and_where_it_breaks() -> None:
    held = Rush(wave(37, seconds=0.2), wave(30, seconds=0.4), 10, None)
    broken = Rush(wave(37, seconds=0.2), wave(30, seconds=0.4), 10, wave(45, seconds=2, errors=3))

    over = [fact.label for fact in rush_facts(held) if fact.is_over]

    assert over == ["the same: p99"]
    assert breaking_sentence(held) == "No rate of sends that was tried broke, up to 30 a second."
    assert breaking_sentence(broken) == (
        "30 sends a second hold, 45 break: 3 errors, p99 2,000 ms;"
        " 0.8 of 2 processors busy, 0.5 of them with the web workers."
    )


def test_crowd_of_judges_says_what_was_lost() -> None:
    load = Load(seconds=1.0, answers=[0.2] * 95 + [0.4] * 5)

    facts = crowd_facts(load, 40, 1)

    assert [fact.label for fact in facts if fact.is_over] == [
        "40 judges save at once: p95",
        "the same: saves that were told and are not stored",
    ]
    assert sheet_in("/penilaian/lembar/17/simpan-otomatis/") == 17


def test_largest_ranking_is_held_against_time_and_memory() -> None:
    facts = large_facts({"lines": 100_000, "seconds": 31.0, "megabytes": 900.0})

    assert [fact.is_over for fact in facts] == [True, False]


def test_seven_of_thirty_seven_save() -> None:
    savers, readers = [Person(Client("/save/"))], [Person(Client("/read/"))]

    paths = [person.client.path for person in islice(mixed(savers, readers), 2 * 37)]

    assert paths.count("/save/") == 14
    assert paths[:37].count("/save/") == 7


def test_send_names_its_proposal_where_the_rush_looks_for_it() -> None:
    assert pk_in(reverse("proposals:endorsement-submit", args=[17])) == 17


def test_frozen_redis_is_held_against_the_usual_send() -> None:
    usual, frozen = Wave(10), Wave(10)
    usual.load.answers, frozen.load.answers = [0.1] * 20, [0.13] * 20
    frozen.load.errors = 1

    assert [(round(fact.value, 2), fact.is_over) for fact in frozen_facts(usual, frozen)] == [
        (1.3, True),
        (130, False),
        (1, True),
    ]


def test_reminders_are_held_against_their_budgets() -> None:
    seen = {"planned": 5000, "seconds": 4, "statements": 9, "idle statements": 4, "doctor": 1}

    facts = reminding_facts(seen | {"mails a second": 49})

    assert [fact.is_over for fact in facts] == [False, False, True, True, False]
