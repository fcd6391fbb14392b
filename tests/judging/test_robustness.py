"""What would change if one thing had been different."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from django.urls import reverse
from hypothesis import given, settings

from judging import services
from judging.models import Robustness
from judging.ranking import Correction, Entry, Law, Tier
from judging.ranking.robustness import (
    DRAWS,
    Change,
    Variation,
    effect_of,
    inside,
    variations_of,
)
from kipp.jobs import KINDS
from tests import make
from tests.clients import signed_in
from tests.finishing import finish_jobs
from tests.judging.field import at, closed
from tests.judging.laws import D, make_law
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
        (Variation(Change.LIGHTER, "a"), "p"),
    ],
)
def test_change_moves_whom_it_moves(variation: Variation, first: str) -> None:
    assert inside(LAW, FIELD, variation) == [first]


def test_weights_move_by_five_points() -> None:
    """Below 43.5 points for `a` the second entry leads."""
    near = replace(LAW, weights={"a": D(48), "b": D(52)})

    assert inside(near, FIELD, Variation(Change.NOTHING)) == ["p"]
    assert inside(near, FIELD, Variation(Change.LIGHTER, "a")) == ["q"]
    least = replace(LAW, weights={"a": D(5), "b": D(95)})
    kinds = [each.change for each in variations_of(least, FIELD)]
    assert (kinds.count(Change.HEAVIER), kinds.count(Change.LIGHTER)) == (1, 1)


def test_draw_of_the_panel_counts_a_judge_as_often_as_drawn_and_leaves_enough_readings() -> None:
    draws = [each for each in variations_of(LAW, FIELD) if each.change is Change.PANEL]
    leaders = Counter(inside(LAW, FIELD, each)[0] for each in draws)

    assert len(draws) == DRAWS
    # The first leads unless its own judge was not drawn: (2/3)^3 of all draws.
    assert leaders["q"] == 100 - leaders["p"]
    assert 20 <= leaders["q"] <= 40
    strict = replace(LAW, min_readings=3)
    assert {inside(strict, FIELD[:1], each)[0] for each in draws} == {"p"}


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
    (job,) = finish_jobs()
    shown = chair.get(page)

    assert [each.headers["Location"] for each in asked] == [reverse("job", args=[job.pk])] * 2
    assert (job.status, KINDS[job.kind].page(job)) == ("done", page)
    row = Robustness.objects.get(ranking=frozen)
    assert len(row.result["effects"]) == job.done == job.total > 0
    assert shown.context["sheet"].calm + len(shown.context["sheet"].rows) == job.total


@pytest.mark.django_db
def test_same_inputs_are_computed_once() -> None:
    _made, frozen = closed(judges=1, entries=2)
    steps = list[int]()

    def tell(done: int, /, *, total: int) -> None:
        steps.append(done)

    first = services.compute_robustness(frozen, tell=tell, at=make.NOON)
    told = len(steps)
    again = services.compute_robustness(frozen, tell=tell, at=make.NOON)

    assert (again, len(steps)) == (first, told)
