"""What would change if one thing had been different."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings

from judging import services
from judging.models import Robustness
from judging.ranking import Correction, Entry, Law, Tier
from judging.ranking.robustness import Change, Variation, effect_of, inside, variations_of
from tests import make
from tests.judging.field import at, closed
from tests.judging.laws import D, make_law
from tests.judging.test_desk import signed_in
from tests.judging.test_ranking_properties import fields, laws

LAW = make_law(weights={"a": D(60), "b": D(40)}, advance=1)


def entry(key: str, **cards: tuple[str, str]) -> Entry:
    marks = {judge: {"a": D(a), "b": D(b)} for judge, (a, b) in cards.items()}
    return Entry(key=key, scorecards=marks)


# p leads by the first judge alone, q by criterion b alone; three judges.
FIELD = [
    entry("p", j1=("90", "60"), j2=("60", "50"), j3=("60", "50")),
    entry("q", j1=("60", "60"), j2=("62", "60"), j3=("62", "60")),
]


@pytest.mark.parametrize(
    ("variation", "first"),
    [
        (Variation(Change.NOTHING), "p"),
        (Variation(Change.JUDGE, "j1"), "q"),
        (Variation(Change.JUDGE, "j3"), "p"),
        (Variation(Change.CRITERION, "a"), "q"),
        (Variation(Change.CRITERION, "b"), "p"),
        (Variation(Change.HEAVIER, "a"), "p"),
        (Variation(Change.METHOD), "q"),
        (Variation(Change.CORRECTION), "p"),
    ],
)
def test_change_moves_whom_it_moves(variation: Variation, first: str) -> None:
    assert inside(LAW, FIELD, variation) == [first]


def test_effect_names_who_enters_and_who_leaves() -> None:
    effect = effect_of(Variation(Change.METHOD), before=["p", "r"], after=["r", "q"])

    assert (effect.entering, effect.leaving) == (("q",), ("p",))


@settings(max_examples=15, deadline=None)
@given(laws(), fields())
def test_every_variation_of_any_law_is_a_law(law: Law, entries: list[Entry]) -> None:
    for variation in variations_of(law, entries):
        assert set(inside(law, entries, variation)) <= {each.key for each in entries}


def test_line_is_the_outermost_tier_and_a_corrected_law_is_tried_without() -> None:
    law = replace(LAW, correction=Correction.ADDITIVE, tiers=(Tier("both", 2), Tier("one", 1)))

    assert inside(law, FIELD, Variation(Change.CORRECTION)) == ["p", "q"]


@pytest.mark.django_db
def test_sheet_is_asked_for_computed_once_and_shown() -> None:
    made, frozen = closed(judges=2, entries=3)
    chair, page = signed_in(made.chair), at(made, "robustness")

    asked = [chair.post(page) for _press in range(2)]
    waiting = chair.get(page)
    counts = [services.compute_asked(clock=lambda: make.NOON) for _tick in range(2)]
    shown = chair.get(page)

    assert [each.status_code for each in asked] == [302, 302]
    assert waiting.headers["Refresh"] == "3"
    assert counts == [1, 0]
    row = Robustness.objects.get(ranking=frozen)
    assert row.done == row.total > 0
    assert "Refresh" not in shown.headers
    assert shown.context["sheet"].calm + len(shown.context["sheet"].rows) == row.total


@pytest.mark.django_db
def test_sheet_of_a_worker_that_died_is_computed_by_the_next() -> None:
    made, frozen = closed(judges=1, entries=2)
    row = services.ask_robustness(frozen, by=made.chair, at=make.NOON)
    Robustness.objects.filter(pk=row.pk).update(seen_at=make.NOON, done=1, total=9)
    later = make.NOON + timedelta(minutes=2)

    assert services.compute_asked(clock=lambda: make.NOON + timedelta(seconds=30)) == 0
    assert services.compute_asked(clock=lambda: later) == 1
