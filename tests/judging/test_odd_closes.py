"""Stages at the edge of what can be ranked: every page after the close still answers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse

from accounts.working import nobody
from judging import services
from tests import make
from tests.clients import signed_in
from tests.judging.bundles import bundle_of, check
from tests.judging.field import City, at, find_offenders, opened, propose
from tests.judging.test_minutes import blocks_of

pytestmark = pytest.mark.django_db

PAGES = ("control-room", "second-look", "results", "plenary", "publication-propose", "robustness")
PUBLIC = ("public-results", "public-results-csv", "public-results-json", "public-proof")


def nobody_scored() -> City:
    return opened(judges=2, entries=3)


def one_judge_only() -> City:
    made = opened(judges=1, entries=3)
    for number, value in enumerate(("90", "80", "70")):
        made.score(made.judges[0], number, value, value)
    return made


def all_equal() -> City:
    made = opened(judges=2, entries=3, advance_count=1, tie_break=["median"], at_line="leave")
    for judge in made.judges:
        for number in range(3):
            made.score(judge, number, "75", "75")
    return made


def line_beyond_the_field() -> City:
    made = opened(judges=2, entries=1, advance_count=45)
    for judge in made.judges:
        made.score(judge, 0, "75", "75")
    return made


@pytest.mark.parametrize(
    ("field", "winners"),
    [(nobody_scored, 0), (one_judge_only, 2), (all_equal, 0), (line_beyond_the_field, 1)],
)
def test_every_page_after_an_odd_close_answers(
    field: Callable[[], City], winners: int, tmp_path: Path
) -> None:
    made = field()
    frozen = services.close_stage(made.stage, missing_accepted=6, by=made.chair, at=make.NOON)
    services.compute_robustness(frozen, tell=nobody, at=make.NOON)
    chair = signed_in(made.chair)

    pages = {name: chair.get(at(made, name)).status_code for name in PAGES}
    entry = made.stage.entries.all()[0]
    pages |= {"scorecards": chair.get(at(made, "scorecards", entry.pk)).status_code}
    publication = services.release_publication(propose(made), by=made.chair, at=make.NOON)
    addresses = [reverse(f"judging:{name}", args=[made.competition.slug]) for name in PUBLIC]

    assert set(pages.values()) == {200}
    assert [chair.get(each).status_code for each in addresses] == [200] * 4
    assert publication.awards.count() == winners
    assert blocks_of(frozen)
    assert check(tmp_path, bundle_of(frozen)) == (0, [])
    assert find_offenders() == []
