"""Severity and spread as parts of the law, and a real jury's published rules."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judging.calibration import fit_additive, table_of
from judging.ranking import (
    AtLine,
    Correction,
    Decision,
    Entry,
    InputError,
    Refusal,
    SpreadBy,
    inputs_hash,
    law_from_plain,
    law_to_plain,
    price_of,
    rank_entries,
    without_spread,
)
from kipp.editions.files import read_edition
from kipp.editions.rules import law_of
from tests.judging.laws import D, advancing, line_of, make_entry, make_law, read_fields

CORRECTED = make_law(correction=Correction.ADDITIVE)
TWO_EACH: dict[str, Any] = {"spread_by": SpreadBy.AGENCY, "spread": 2}
DATA = Path(__file__).parent / "data"


@settings(max_examples=25, deadline=None)
@given(read_fields())
def test_corrected_scores_are_those_of_least_squares(entries: list[Entry]) -> None:
    ranking = rank_entries(CORRECTED, entries)

    assert ranking.severities.refusals == ()
    cells = {
        (entry.key, judge): float(card["mutu"])
        for entry in entries
        for judge, card in entry.scorecards.items()
        if card
    }
    fit = fit_additive(table_of(cells))
    assert fit is not None
    for line in ranking.lines:
        assert float(line.stage_score or 0) == pytest.approx(fit.corrected[line.key], abs=0.00501)


@settings(max_examples=25, deadline=None)
@given(read_fields(), st.randoms(use_true_random=False), st.integers(1, 3))
def test_correction_ignores_the_order_and_never_hurts_whoever_gets_more(
    entries: list[Entry], random: Random, more: int
) -> None:
    before = rank_entries(CORRECTED, entries)
    shuffled = random.sample(entries, k=len(entries))
    lifted = shuffled[0]
    card = {judge: {"mutu": (card or {})["mutu"]} for judge, card in lifted.scorecards.items()}
    judge = min(card)
    card[judge]["mutu"] += more

    after = rank_entries(CORRECTED, [lifted._replace(scorecards=card), *shuffled[1:]])

    assert rank_entries(CORRECTED, shuffled) == before
    if not after.severities.refusals:
        now, was = line_of(after, lifted.key), line_of(before, lifted.key)
        assert (now.stage_score or 0) >= (was.stage_score or 0)


def panels(*, joined: bool, readings: int = 9) -> list[Entry]:
    """Two panels of two judges; the second got the stronger batch."""
    found = []
    for panel, quality in enumerate((40, 60)):
        for number in range(readings):
            marks = {f"j{panel}{seat}": D(quality + number + seat) for seat in range(2)}
            found.append(Entry(key=f"p{panel}{number}", scorecards=as_cards(marks)))
    if joined:
        marks = {"j00": D(50), "j10": D(50)}
        found.append(Entry(key="anchor", scorecards=as_cards(marks)))
    return found


def as_cards(marks: dict[str, Decimal]) -> dict[str, dict[str, Decimal]]:
    return {judge: {"mutu": mark} for judge, mark in marks.items()}


@pytest.mark.parametrize(
    ("entries", "refusals"),
    [
        (panels(joined=False), (Refusal.NOT_CONNECTED,)),
        (panels(joined=True, readings=6), (Refusal.FEW_READINGS,)),
        (
            [make_entry(f"p{n}", str(90 * (n % 2)), str(90 - 90 * (n % 2))) for n in range(8)],
            (Refusal.TOO_UNSURE,),
        ),
        ([make_entry("p0", "70"), make_entry("p1", "60")], (Refusal.TOO_UNSURE,)),
        ([make_entry("p0")], (Refusal.NOT_CONNECTED,)),
        ([], (Refusal.NOT_CONNECTED,)),
    ],
)
def test_unsafe_correction_is_refused_and_the_mean_counts(
    entries: list[Entry], refusals: tuple[Refusal, ...]
) -> None:
    """Disjoint panels of unequal batches are the case in which a correction does harm."""
    ranking = rank_entries(CORRECTED, entries)

    assert ranking.severities.refusals == refusals
    assert ranking.lines == rank_entries(make_law(), entries).lines


def test_strict_judges_are_told_from_weak_entries() -> None:
    """`strict` reads the better half of what `mild` reads: by the mean they would lose."""
    entries = [
        Entry(
            key=f"p{number:02}",
            scorecards=as_cards(
                {"mild": D(60 + number), "even": D(55 + number), "strict": D(50 + number)}
                if number < 10
                else {"even": D(55 + number), "strict" if number % 2 else "mild": D(0)}
            ),
        )
        for number in range(10)
    ]
    entries += [
        Entry(key="strictly", scorecards=as_cards({"even": D(70), "strict": D(65)})),
        Entry(key="mildly", scorecards=as_cards({"even": D(69), "mild": D(74)})),
    ]

    raw, corrected = rank_entries(make_law(), entries), rank_entries(CORRECTED, entries)

    assert corrected.severities.values == {
        "even": 0,
        "mild": 5,
        "strict": -5,
    }
    assert line_of(raw, "mildly").stage_score == D("71.5")
    assert line_of(raw, "strictly").stage_score == D("67.5")
    assert line_of(corrected, "mildly").stage_score == D(69)
    assert line_of(corrected, "strictly").stage_score == D(70)


def grouped(*rows: tuple[str, str]) -> list[Entry]:
    return [
        make_entry(f"p{number}", score, group=group)
        for number, (group, score) in enumerate(rows, start=1)
    ]


def test_spread_rule_passes_over_the_third_of_an_agency_and_tells_its_price() -> None:
    entries = grouped(("A", "90"), ("A", "89"), ("A", "88"), ("B", "80"), ("A", "79"))
    law = make_law(advance=3, **TWO_EACH)

    ranking = rank_entries(law, entries)

    assert advancing(ranking) == {"p1", "p2", "p4"}
    assert [line.decision for line in ranking.lines] == [
        Decision.CLEAR,
        Decision.CLEAR,
        Decision.PASSED,
        Decision.ENTERED,
        Decision.CLEAR,
    ]
    assert [line.place for line in ranking.lines] == [1, 2, 3, 4, 5]
    price = price_of(rank_entries(without_spread(law), entries), ranking)
    assert (price.entering, price.leaving, price.points) == (("p4",), ("p3",), D(8))


@pytest.mark.parametrize(
    ("at_line", "inside"), [(AtLine.KEEP, {"p1", "p2", "p3"}), (AtLine.LEAVE, {"p1", "p4"})]
)
def test_ties_within_an_agency_pass_together_or_not_at_all(
    at_line: AtLine, inside: set[str]
) -> None:
    entries = grouped(("A", "90"), ("A", "89"), ("A", "89"), ("B", "80"), ("A", "79"))
    law = make_law(advance=3 if at_line is AtLine.KEEP else 2, at_line=at_line, **TWO_EACH)

    assert advancing(rank_entries(law, entries)) == inside


def test_spread_rule_needs_a_group_of_everybody() -> None:
    with pytest.raises(InputError) as caught:
        rank_entries(make_law(**TWO_EACH), [make_entry("p1", "90")])

    assert caught.value.code == "no_group"


def test_options_are_part_of_the_law_that_is_hashed() -> None:
    entries = grouped(("A", "90"), ("B", "80"))
    laws = [make_law(), CORRECTED, make_law(**TWO_EACH)]

    assert len({inputs_hash(law, entries) for law in laws}) == 3
    assert [law_from_plain(law_to_plain(law)) for law in laws] == laws


@pytest.mark.parametrize("count", [1, 300])
def test_field_of_ties_is_kept_or_left_whole(count: int) -> None:
    """A tie of three hundred at the line, and a line larger than the field."""
    entries = [make_entry(f"p{number:03}", "75", "75") for number in range(count)]

    kept = rank_entries(make_law(advance=45), entries)
    left = rank_entries(make_law(advance=45, at_line=AtLine.LEAVE), entries)

    assert len(advancing(kept)) == count
    assert len(advancing(left)) == (count if count <= 45 else 0)
    assert {line.decision for line in kept.lines} == {
        Decision.CLEAR if count <= 45 else Decision.KEPT
    }


# A piano competition's jury of 2025 (the organiser published rules, marks and scores): marks from 1
# to 25, pulled to 3 points around the rounded first mean (2 in later stages), stages weighed 30/70,
# 10/20/70 and 10/20/35/35, a shared place for less than 0.03. Teachers did not mark their pupils.
PUBLISHED, EDITION = DATA / "piano_jury_2025.csv", DATA / "piano_jury_2025.toml"
PLACES = {1: ["62"], 2: ["29"], 3: ["5"], 4: ["51", "64"], 5: ["24", "73"], 6: ["15"]}


def published_rows() -> Iterator[tuple[str, list[dict[str, str]]]]:
    with PUBLISHED.open(newline="") as file:
        for stage, rows in groupby(csv.DictReader(file), key=lambda row: row["stage"]):
            yield stage, list(rows)


def test_published_jury_is_recomputed_from_its_edition_file() -> None:
    """No code knows this jury: its rules are an edition file, its marks a matrix."""
    edition = read_edition(EDITION.read_bytes())
    laws = {stage["key"]: law_of(stage) for stage in edition["stages"]}
    earlier: dict[str, dict[str, Decimal]] = {}

    for stage, rows in published_rows():
        ranking = rank_entries(laws[stage], [entry_of(row, earlier=earlier) for row in rows])
        scores = {line.key: line.stage_score for line in ranking.lines}
        assert scores == {row["number"]: D(row["published"]) for row in rows}
        for key, score in scores.items():
            assert score is not None
            earlier.setdefault(key, {})[stage] = score

    found: dict[int, list[str]] = {}
    for line in ranking.lines:
        found.setdefault(line.rank or 0, []).append(line.key)
    assert {rank: sorted(found[rank]) for rank in PLACES} == PLACES


def entry_of(row: dict[str, str], *, earlier: dict[str, dict[str, Decimal]]) -> Entry:
    marks = {judge: D(mark) for judge, mark in row.items() if judge[0] == "j" and mark}
    return Entry(
        key=row["number"],
        scorecards={judge: {"performance": mark} for judge, mark in marks.items()},
        earlier=dict(earlier.get(row["number"], {})),
    )
