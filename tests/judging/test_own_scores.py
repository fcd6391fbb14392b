"""The page of a judge's own scores is the judge's alone."""

from __future__ import annotations

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from proposals.models import Submission
from tests import make
from tests.clients import signed_in
from tests.judging.field import City, opened

pytestmark = pytest.mark.django_db


def url(made: City) -> str:
    return reverse("judging:own-scores", args=[made.stage.pk])


def test_judge_sees_own_values_and_no_number_of_anybody_else() -> None:
    made = opened(judges=2, entries=2)
    for number, values in enumerate((("81", "62"), ("43", "64"))):
        made.score(made.judges[0], number, *values)
        made.score(made.judges[1], number, "99", "17")

    page = signed_in(made.judges[0]).get(url(made))

    spreads = [(row.label, row.mean_text, row.range_text) for row in page.context["spreads"]]
    assert spreads == [
        ("Signifikansi", "62,00", "43,00–81,00"),
        ("Kebaruan", "63,00", "62,00–64,00"),
    ]
    counts = [(row.label, row.counts) for row in page.context["rows"]]
    assert counts == [("Signifikansi", (0, 0, 1, 0, 1)), ("Kebaruan", (0, 0, 0, 2, 0))]
    assert page.context["hints"] == []
    assert not {"99", "17"} & set(page.content.decode().partition("<main")[2].split())


def test_nobody_else_finds_the_page(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    made = opened(judges=1, entries=3)
    for number in range(3):
        made.score(made.judges[0], number, "80", "70")
    for sent in Submission.objects.all():
        sent.content["sections"][0]["words"] = 900
        sent.save(update_fields=["content"])
    judge = signed_in(made.judges[0])

    with django_assert_max_num_queries(8):
        own = judge.get(url(made))

    others = (made.chair, made.organizer, make.user(is_staff=True, is_superuser=True))
    assert own.status_code == 200
    (hint,) = own.context["hints"]  # handed in at the very moment of opening
    assert hint.startswith("3 scorecards were handed in sooner")
    assert hint in own.content.decode()
    assert [signed_in(person).get(url(made)).status_code for person in others] == [404] * 3


def test_page_says_when_there_is_nothing_yet() -> None:
    made = opened(judges=1, entries=1)

    page = signed_in(made.judges[0]).get(url(made))

    assert (page.status_code, page.context["count"]) == (200, 0)
