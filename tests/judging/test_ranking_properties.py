from __future__ import annotations

import itertools
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.ranking import (
    AtLine,
    Entry,
    Law,
    Method,
    Ranking,
    RankStyle,
    SpreadBy,
    Tier,
    rank_entries,
)
from judging.ranking.scores import read_entries, tie_value
from tests.judging.laws import D, advancing, line_of, make_entry, make_law

if TYPE_CHECKING:
    from decimal import Decimal

CRITERIA = {"signifikansi": D(60), "kebaruan": D("39.5"), "ringkasan": D("0.5")}
SCORES = st.one_of(
    st.integers(0, 10).map(lambda value: D(value * 10)),  # whole tens: ties are common
    st.decimals(0, 100, places=2),
)
CARDS = st.fixed_dictionaries(dict.fromkeys(CRITERIA, SCORES))
METHODS: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [
        {"method": Method.MEAN},
        {"method": Method.MEDIAN},
        {"method": Method.TRIMMED, "trim": 1, "min_readings": 3},
        {"method": Method.CAPPED, "cap": D("7.5")},
        {"method": Method.CAPPED, "cap": D("7.5"), "cap_rounds": True},
    ]
)
STYLES: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [
        {"style": RankStyle.STANDARD},
        {"style": RankStyle.DENSE},
        {"style": RankStyle.DENSE, "tie_margin": D(3)},
    ]
)
CHAINS = st.sampled_from(
    [(), ("median",), ("criterion:signifikansi", "criterion:kebaruan", "median", "panel")]
)


SPREADS: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [
        {},
        {"spread_by": SpreadBy.AGENCY, "spread": 1},
        {"spread_by": SpreadBy.AGENCY, "spread": 2},
    ]
)
NO_SPREAD: st.SearchStrategy[dict[str, Any]] = st.just({})


@st.composite
def laws(draw: st.DrawFn, *, spreads: st.SearchStrategy[dict[str, Any]] = NO_SPREAD) -> Law:
    return make_law(
        weights=CRITERIA,
        step=draw(st.sampled_from([D("0.01"), D("0.5"), D(1)])),
        tie_breaks=draw(CHAINS),
        at_line=draw(st.sampled_from(AtLine)),
        advance=draw(st.integers(1, 8)),
        tiers=(Tier("Top 5", 5), Tier("Top 3", 3), Tier("Top 1", 1)),
        **draw(METHODS),
        **draw(STYLES),
        **draw(spreads),
    )


@st.composite
def fields(draw: st.DrawFn) -> list[Entry]:
    cards = st.dictionaries(st.sampled_from(["j1", "j2", "j3", "j4"]), st.none() | CARDS)
    votes = st.none() | st.integers(0, 3).map(D)
    return [
        Entry(
            key=f"p{number}",
            scorecards=draw(cards),
            panel_vote=draw(votes),
            group=draw(st.sampled_from(["K1", "K2", "K3"])),
        )
        for number in range(draw(st.integers(0, 9)))
    ]


@given(laws(spreads=SPREADS), fields(), st.randoms(use_true_random=False))
def test_order_of_input_changes_nothing(law: Law, entries: list[Entry], random: Any) -> None:
    shuffled = [
        entry._replace(scorecards=dict(random.sample(list(entry.scorecards.items()), k=n)))
        for entry in random.sample(entries, k=len(entries))
        for n in [len(entry.scorecards)]
    ]

    assert rank_entries(law, shuffled) == rank_entries(law, entries)


def raise_one(entries: list[Entry], *, key: str, by: Decimal) -> list[Entry]:
    """Give every proposal its old scores, but one a better score from its first judge."""
    changed = []
    for entry in entries:
        cards = {judge: card for judge, card in entry.scorecards.items() if card is not None}
        if entry.key == key and cards:
            judge = min(cards)
            better = min(cards[judge]["signifikansi"] + by, D(100))
            cards[judge] = {**cards[judge], "signifikansi": better}
        changed.append(entry._replace(scorecards=cards))
    return changed


@given(laws(spreads=SPREADS), fields(), st.decimals("0.01", 60, places=2), st.data())
def test_better_score_never_hurts_its_own_proposal(
    law: Law, entries: list[Entry], by: Decimal, data: st.DataObject
) -> None:
    """It holds for the capped mean too: a higher mean only moves the caps up.

    Nobody else's stage score moves, so rank, place and cut cannot get worse either.
    """
    entries = [*entries, make_winner("own")]
    key = data.draw(st.sampled_from([entry.key for entry in entries]))

    before = line_of(rank_entries(law, entries), key)
    after = line_of(rank_entries(law, raise_one(entries, key=key, by=by)), key)

    if before.unranked:
        assert after.unranked == before.unranked
        return
    assert before.stage_score is not None
    assert after.stage_score is not None
    assert after.stage_score >= before.stage_score
    assert (after.rank or 0) <= (before.rank or 0)
    assert after.advances >= before.advances
    assert set(after.tiers) >= set(before.tiers)


def make_winner(key: str) -> Entry:
    cards = {f"j{number}": dict.fromkeys(CRITERIA, D(50)) for number in range(3)}
    return Entry(key=key, scorecards=cards, group="K1")


@given(laws(spreads=SPREADS), fields())
def test_twins_share_everything(law: Law, entries: list[Entry]) -> None:
    twins = [entry._replace(key=f"{entry.key}-twin") for entry in entries]

    ranking = rank_entries(law, [*entries, *twins])

    for entry in entries:
        line = line_of(ranking, entry.key)
        assert line_of(ranking, f"{entry.key}-twin")._replace(key=entry.key) == line
        assert line.unranked or line.tie == "unbroken"


@given(laws(), fields())
def test_cuts_are_nested_and_follow_the_law_at_the_line(law: Law, entries: list[Entry]) -> None:
    ranking = rank_entries(law, entries)
    ranked = [line for line in ranking.lines if line.rank is not None]

    for size in (law.advance, 5, 3, 1):
        inside = inside_of(ranking, law=law, size=size)
        outside = [line for line in ranked if line not in inside]
        assert ranked == inside + outside
        if law.at_line is AtLine.KEEP:
            assert len(inside) >= min(size or 0, len(ranked))
        else:
            assert len(inside) <= (size or 0)
        # whatever shares a place stands on one side
        assert not {line.place for line in inside} & {line.place for line in outside}
    assert all(line.tiers in ((), TOP5, TOP3, TOP1) for line in ranking.lines)


@given(laws(spreads=SPREADS.filter(bool)), fields())
def test_spread_rule_holds_within_every_line(law: Law, entries: list[Entry]) -> None:
    """More of a group than the rule lets through are in only where the last of them are tied."""
    groups = {entry.key: entry.group for entry in entries}
    ranking = rank_entries(law, entries)

    for size in (law.advance, 5, 3, 1):
        inside = inside_of(ranking, law=law, size=size)
        outside = [line for line in ranking.lines if line.rank and line not in inside]
        assert not {line.place for line in inside} & {
            line.place for line in outside if line.seats is not None
        }
        for group in set(groups.values()):
            own = [line.place for line in inside if groups[line.key] == group]
            over = own[(law.spread or 0) - 1 :]
            assert len(over) <= 1 or (law.at_line is AtLine.KEEP and len(set(over)) == 1)


TOP5 = ("Top 5",)
TOP3 = ("Top 5", "Top 3")
TOP1 = ("Top 5", "Top 3", "Top 1")


def inside_of(ranking: Ranking, *, law: Law, size: int | None) -> list[Any]:
    if size == law.advance:
        return [line for line in ranking.lines if line.advances]
    return [line for line in ranking.lines if f"Top {size}" in line.tiers]


@given(laws(), fields())
def test_order_agrees_with_rank_place_and_score(law: Law, entries: list[Entry]) -> None:
    lines = [line for line in rank_entries(law, entries).lines if line.rank is not None]
    rubric, read = read_entries(law, entries)
    values = {
        each.entry.key: [tie_value(rubric, each, link) for link in rubric.links] for each in read
    }

    for above, below in itertools.pairwise(lines):
        assert above.rank is not None
        assert above.place is not None
        assert above.cumulative is not None
        assert (above.rank, above.place) <= (below.rank, below.place)
        if above.rank != below.rank:
            assert above.cumulative - (below.cumulative or 0) >= max(law.tie_margin, D("0.01"))
            assert above.place < (below.place or 0)
        if values[above.key] == values[below.key] and above.rank == below.rank:
            assert above.place == below.place


@given(st.lists(st.decimals(0, 100, places=9), min_size=1, max_size=12))
def test_mean_is_exact_and_rounded_once(scores: list[Decimal]) -> None:
    exact = sum(map(Fraction, scores), Fraction(0)) / len(scores)

    line = rank_entries(make_law(), [make_entry("a", *map(str, scores))]).lines[0]

    assert line.stage_score is not None
    difference = Fraction(line.stage_score) - exact
    assert -Fraction(1, 200) < difference <= Fraction(1, 200)
    assert line.stage_score.as_tuple().exponent == -2


@given(st.lists(SCORES, min_size=1, max_size=9), METHODS)
def test_stage_score_stays_between_the_lowest_and_the_highest(
    scores: list[Decimal], method: dict[str, Any]
) -> None:
    line = rank_entries(make_law(**method), [make_entry("a", *map(str, scores))]).lines[0]

    if line.stage_score is not None:
        assert min(scores) <= line.stage_score <= max(scores)


@given(laws(), SCORES, st.integers(3, 9))
def test_all_equal_share_the_first_place(law: Law, score: Decimal, count: int) -> None:
    cards = {f"j{number}": dict.fromkeys(CRITERIA, score) for number in range(3)}
    entries = [Entry(key=f"p{number}", scorecards=cards) for number in range(count)]

    ranking = rank_entries(law, entries)

    assert {(line.rank, line.place) for line in ranking.lines} == {(1, 1)}
    everybody = {entry.key for entry in entries}
    fits = law.at_line is AtLine.KEEP or count <= (law.advance or 0)
    assert advancing(ranking) == (everybody if fits else set())


@pytest.mark.parametrize("method", [Method.MEAN, Method.MEDIAN])
@given(score=SCORES)
def test_one_judge_is_the_stage_score(method: Method, score: Decimal) -> None:
    line = rank_entries(make_law(method=method), [make_entry("a", str(score))]).lines[0]

    assert line.stage_score == score
