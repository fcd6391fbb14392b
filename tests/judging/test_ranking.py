from __future__ import annotations

import decimal
from decimal import Decimal
from typing import Any

import pytest

from judging.ranking import (
    AtLine,
    Decision,
    Entry,
    InputError,
    Method,
    RankStyle,
    Tier,
    Unranked,
    rank_entries,
)
from tests.judging.laws import D, advancing, keys, make_entry, make_law

WEIGHTED = {"kebaruan": D(15), "signifikansi": D(30), "ringkasan": D(0), "lain": D(55)}


def card(kebaruan: int, signifikansi: int, ringkasan: int, lain: int) -> dict[str, Decimal]:
    return {
        "kebaruan": D(kebaruan),
        "signifikansi": D(signifikansi),
        "ringkasan": D(ringkasan),
        "lain": D(lain),
    }


@pytest.mark.parametrize(
    ("method", "scores", "expected"),
    [
        ({}, ["80"], "80.00"),
        ({}, ["80", "81", "81"], "80.67"),
        ({}, ["80", "80.01"], "80.01"),  # 80.005 goes up, once
        ({}, ["0.004"], "0.00"),
        ({}, ["0.005"], "0.01"),
        ({"step": D(1)}, ["84.4999999"], "84"),
        ({"step": D("0.5")}, ["84.25"], "84.5"),
        ({"step": D("0.25")}, ["84.37"], "84.25"),
        ({"step": D("1E+1")}, ["85"], "90"),
        ({"method": Method.MEDIAN}, ["10", "90", "80"], "80.00"),
        ({"method": Method.MEDIAN}, ["10", "90", "80", "81"], "80.50"),
        ({"method": Method.TRIMMED, "trim": 1, "min_readings": 3}, ["0", "80", "100"], "80.00"),
        (
            {"method": Method.TRIMMED, "trim": 2, "min_readings": 5},
            ["0", "1", "70", "71", "99", "100"],
            "70.50",
        ),
        ({"method": Method.CAPPED, "cap": D(5)}, ["50", "80", "80"], "71.67"),  # 65, 75, 75
        ({"method": Method.CAPPED, "cap": D(0)}, ["50", "80", "80"], "70.00"),
        ({"method": Method.CAPPED, "cap": D(99)}, ["50", "80", "80"], "70.00"),
    ],
)
def test_stage_score_follows_the_method(
    method: dict[str, Any], scores: list[str], expected: str
) -> None:
    ranking = rank_entries(make_law(**method), [make_entry("a", *scores)])

    assert str(ranking.lines[0].stage_score) == expected


def test_total_weighs_criteria_and_shows_but_does_not_count_weight_zero() -> None:
    law = make_law(weights=WEIGHTED)
    entries = [
        Entry(key="a", scorecards={"j1": card(80, 90, 0, 70)}),
        Entry(key="b", scorecards={"j1": card(80, 90, 100, 70)}),
    ]

    ranking = rank_entries(law, entries)

    assert [line.totals for line in ranking.lines] == [(("j1", D("77.5")),)] * 2
    assert [line.rank for line in ranking.lines] == [1, 1]


def test_rank_is_standard_and_shared_by_the_number_shown() -> None:
    entries = [
        make_entry("a", "90"),
        make_entry("b", "80.001"),
        make_entry("c", "80.002"),
        make_entry("d", "70"),
    ]

    ranking = rank_entries(make_law(), entries)

    assert [(line.key, line.rank, line.place, line.tie) for line in ranking.lines] == [
        ("a", 1, 1, None),
        ("b", 2, 2, "unbroken"),
        ("c", 2, 2, "unbroken"),
        ("d", 4, 4, None),
    ]


def test_dense_rank_with_margin_gives_prizes_like_4_4_5_5_6() -> None:
    scores = {"a": "95", "b": "93", "c": "91", "d": "89", "e": "88.9", "f": "87", "g": "86.76"}
    law = make_law(style=RankStyle.DENSE, tie_margin=D("0.25"))

    ranking = rank_entries(law, [make_entry(key, score) for key, score in scores.items()])

    assert [line.rank for line in ranking.lines] == [1, 2, 3, 4, 4, 5, 5]


def test_dense_margin_itself_separates() -> None:
    law = make_law(style=RankStyle.DENSE, tie_margin=D("0.25"))

    ranking = rank_entries(law, [make_entry("a", "90"), make_entry("b", "89.75")])

    assert [line.rank for line in ranking.lines] == [1, 2]


def test_published_rules_of_a_piano_jury_can_be_written_down() -> None:
    """Scale 1-25, deviation cap, stages that count 10/20/35/35, near scores share a prize."""
    law = make_law(
        weights={"playing": D(100)},
        scale_min=D(1),
        scale_max=D(25),
        method=Method.CAPPED,
        cap=D(2),
        min_readings=3,
        style=RankStyle.DENSE,
        tie_margin=D("0.05"),
        stage="final",
        stage_weights={"first": D(10), "second": D(20), "third": D(35), "final": D(35)},
        tiers=(Tier("prize", 5), Tier("gold", 1)),
    )
    final_cards = {
        "ana": ("24", "24", "24"),
        "bo": ("23", "23", "23"),
        "citra": ("22", "22", "22"),
        "dian": ("21", "21", "21"),
        "eko": ("21.09", "21.09", "20.99"),
        "fajar": ("20", "20", "20"),
        "gita": ("10", "21.1", "21.1"),  # 10 is pulled up to 15.4, 21.1 down to 19.4
    }
    entries = [
        Entry(
            key=key,
            scorecards={f"j{i}": {"playing": D(score)} for i, score in enumerate(scores)},
            earlier={"first": D(20), "second": D(20), "third": D(20)},
        )
        for key, scores in final_cards.items()
    ]

    ranking = rank_entries(law, entries)

    assert [
        (line.key, str(line.stage_score), str(line.cumulative), line.rank, line.tiers)
        for line in ranking.lines
    ] == [
        ("ana", "24.00", "21.40", 1, ("prize", "gold")),
        ("bo", "23.00", "21.05", 2, ("prize",)),
        ("citra", "22.00", "20.70", 3, ("prize",)),
        ("eko", "21.06", "20.37", 4, ("prize",)),
        ("dian", "21.00", "20.35", 4, ("prize",)),
        ("fajar", "20.00", "20.00", 5, ()),
        ("gita", "18.07", "19.32", 6, ()),
    ]


def test_cumulative_weighs_the_rounded_stage_scores() -> None:
    law = make_law(stage="wawancara", stage_weights={"naskah": D(30), "wawancara": D(70)})
    entry = make_entry("a", "80", "81", "81", earlier={"naskah": D("77.77")})

    line = rank_entries(law, [entry]).lines[0]

    assert (str(line.stage_score), str(line.cumulative)) == ("80.67", "79.80")  # 23.331 + 56.469


def chain_entries() -> list[Entry]:
    """Five equal totals at a line of two; each link sets one more apart."""
    return [
        Entry(key="a", scorecards={"j1": card(70, 80, 50, 70)}, earlier={"naskah": D(60)}),
        Entry(key="b", scorecards={"j1": card(90, 70, 50, 70)}, earlier={"naskah": D(60)}),
        Entry(key="c", scorecards={"j1": card(90, 70, 60, 70)}, earlier={"naskah": D(60)}),
        Entry(key="d", scorecards={"j1": card(90, 70, 50, 70)}, earlier={"naskah": D(61)}),
        Entry(key="e", scorecards={"j1": card(90, 70, 50, 70)}),
    ]


@pytest.mark.parametrize(
    ("advance", "decisions"),
    [
        (1, ["tie_break"] * 5),
        (2, ["tie_break"] * 5),
        (5, ["clear"] * 5),
        (None, ["no_cut"] * 5),
    ],
)
def test_tie_break_chain_says_how_each_tie_was_broken(
    advance: int | None, decisions: list[str]
) -> None:
    law = make_law(
        weights=WEIGHTED,
        tie_breaks=("criterion:signifikansi", "criterion:ringkasan", "stage:naskah"),
        stage="wawancara",
        stage_weights={"naskah": D(0), "wawancara": D(100)},
        advance=advance,
    )

    ranking = rank_entries(law, chain_entries())

    assert [(line.key, line.rank, line.place, line.tie) for line in ranking.lines] == [
        ("a", 1, 1, "criterion:signifikansi"),
        ("c", 1, 2, "criterion:ringkasan"),
        ("d", 1, 3, "stage:naskah"),
        ("b", 1, 4, "stage:naskah"),
        ("e", 1, 5, "stage:naskah"),
    ]
    assert [line.decision for line in ranking.lines] == decisions
    assert len(advancing(ranking)) == (advance or 0)


def test_panel_vote_and_median_break_ties_and_a_missing_vote_loses() -> None:
    law = make_law(tie_breaks=("median", "panel"), advance=1)
    entries = [
        make_entry("a", "70", "80", "90"),
        make_entry("b", "75", "75", "90", panel_vote=D(9)),
        make_entry("c", "70", "80", "90", panel_vote=D(3)),
        make_entry("d", "70", "80", "90", panel_vote=D(0)),
    ]

    ranking = rank_entries(law, entries)

    assert [(line.key, line.place, line.tie) for line in ranking.lines] == [
        ("c", 1, "panel"),
        ("d", 2, "panel"),
        ("a", 3, "panel"),
        ("b", 4, "median"),
    ]


@pytest.mark.parametrize(
    ("at_line", "inside", "decision"),
    [
        (AtLine.KEEP, {"a", "b", "c"}, Decision.KEPT),
        (AtLine.LEAVE, {"a"}, Decision.LEFT),
    ],
)
def test_ties_that_stay_at_the_line_are_kept_or_left_out(
    at_line: AtLine, inside: set[str], decision: Decision
) -> None:
    law = make_law(advance=2, at_line=at_line)
    entries = [make_entry("a", "90"), make_entry("b", "80"), make_entry("c", "80")]

    ranking = rank_entries(law, [*entries, make_entry("d", "70")])

    assert advancing(ranking) == inside
    assert [line.decision for line in ranking.lines] == [
        Decision.CLEAR,
        decision,
        decision,
        Decision.CLEAR,
    ]


def test_tie_inside_the_line_is_no_matter_of_the_line() -> None:
    law = make_law(advance=2, at_line=AtLine.LEAVE)

    ranking = rank_entries(law, [make_entry("a", "80"), make_entry("b", "80")])

    assert [line.decision for line in ranking.lines] == [Decision.CLEAR] * 2
    assert advancing(ranking) == {"a", "b"}


def test_300_way_tie_is_all_kept_or_all_left() -> None:
    entries = [make_entry(f"p{number:03}", "88") for number in range(300)]

    kept = rank_entries(make_law(advance=45), entries)
    left = rank_entries(make_law(advance=45, at_line=AtLine.LEAVE), entries)

    assert len(advancing(kept)) == 300
    assert advancing(left) == set()
    assert {(line.rank, line.place, line.tie) for line in kept.lines} == {(1, 1, "unbroken")}


def test_more_places_than_proposals_lets_everybody_in() -> None:
    law = make_law(advance=45, tiers=(Tier("Top 45", 45), Tier("Top 3", 3)))

    ranking = rank_entries(law, [make_entry("a", "80"), make_entry("b", "70")])

    assert [line.tiers for line in ranking.lines] == [("Top 45", "Top 3")] * 2
    assert advancing(ranking) == {"a", "b"}


@pytest.mark.parametrize("advance", [None, 3])
def test_nobody_scored_gives_only_unranked_lines(advance: int | None) -> None:
    entries = [make_entry("b"), Entry(key="a", scorecards={"j1": None})]

    ranking = rank_entries(make_law(advance=advance), entries)

    assert [(line.key, line.rank, line.decision, line.unranked) for line in ranking.lines] == [
        ("a", None, Decision.UNRANKED, Unranked.NO_READING),
        ("b", None, Decision.UNRANKED, Unranked.NO_READING),
    ]


def test_no_entries_is_an_empty_list() -> None:
    assert rank_entries(make_law(), []).lines == ()


def test_too_few_readings_and_a_missing_stage_leave_a_proposal_unranked() -> None:
    law = make_law(
        min_readings=2,
        tie_breaks=("median",),
        stage="b",
        stage_weights={"a": D(50), "b": D(50)},
    )
    entries = [
        make_entry("full", "80", "90", earlier={"a": D(70)}),
        make_entry("once", "80", earlier={"a": D(70)}),
        make_entry("new", "80", "90"),
        make_entry("never", earlier={"a": D(70)}),
    ]

    ranking = rank_entries(law, entries)

    assert [(line.key, line.stage_score, line.unranked) for line in ranking.lines] == [
        ("full", D(85), None),
        ("never", None, Unranked.NO_READING),
        ("new", D(85), Unranked.STAGE_MISSING),
        ("once", None, Unranked.TOO_FEW_READINGS),
    ]


def test_recused_scorecard_counts_neither_in_the_score_nor_in_the_hash() -> None:
    recused = Entry(key="a", scorecards={"j1": {"mutu": D(80)}, "j2": None})

    with_recusal = rank_entries(make_law(), [recused])

    assert with_recusal == rank_entries(make_law(), [make_entry("a", "80")])


def test_ranking_ignores_the_surrounding_decimal_context() -> None:
    entries = [make_entry("a", "80.123456", "81"), make_entry("b", "80.123457", "81")]
    expected = rank_entries(make_law(step=D("0.0000001")), entries)

    with decimal.localcontext(prec=2, rounding=decimal.ROUND_DOWN):
        assert rank_entries(make_law(step=D("0.0000001")), entries) == expected
    assert keys(expected) == ["b", "a"]


@pytest.mark.parametrize(
    "value",
    ["NaN", "sNaN", "Infinity", "-Infinity", "1e400", "1e-400", "-1", "100.01", "0.1234567891"],
)
def test_hostile_scores_are_refused(value: str) -> None:
    with pytest.raises(InputError) as caught:
        rank_entries(make_law(), [make_entry("a", value)])

    assert caught.value.code == "bad_score"
    assert "mutu, j1, a" in str(caught.value)


@pytest.mark.parametrize("value", [80.0, 80, "80", None, True])
def test_only_decimals_are_scores(value: Any) -> None:
    with pytest.raises(InputError):
        rank_entries(make_law(), [Entry(key="a", scorecards={"j1": {"mutu": value}})])


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ([Entry(key="a", scorecards={"j1": {}})], "criteria"),
        ([Entry(key="a", scorecards={"j1": {"mutu": D(1), "lain": D(1)}})], "criteria"),
        ([make_entry("a", "1"), make_entry("a", "2")], "bad_key"),
        ([make_entry("", "1")], "bad_key"),
        ([make_entry("a", "1", earlier={"unknown": D(1)})], "bad_earlier"),
        ([make_entry("a", "1", panel_vote=D("NaN"))], "bad_vote"),
    ],
)
def test_inputs_that_do_not_fit_the_law_are_refused(entries: list[Entry], code: str) -> None:
    with pytest.raises(InputError) as caught:
        rank_entries(make_law(), entries)

    assert caught.value.code == code


def test_earlier_score_must_be_a_number() -> None:
    law = make_law(stage="b", stage_weights={"a": D(50), "b": D(50)})

    with pytest.raises(InputError) as caught:
        rank_entries(law, [make_entry("a", "1", earlier={"a": D("Infinity")})])

    assert caught.value.code == "bad_earlier"
