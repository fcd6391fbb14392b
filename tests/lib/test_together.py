"""Several questions in one message answer as each of them alone."""

from __future__ import annotations

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from accounts.models import Unit, User
from competitions.models import Round, Section
from kipp.lib.together import ask_together
from tests import make


@pytest.mark.django_db
def test_rows_are_those_of_each_question_alone(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    competition = make.competition()
    make.round_(competition)
    make.section(make.track(competition))
    make.user("Siti 100 % \"'; --")
    questions = (
        Round.objects.all(),
        Section.objects.filter(label__contains="%"),
        User.objects.order_by("-pk").values_list("pk", "full_name", "is_staff"),
        Unit.objects.filter(pk__in=[]),
    )

    with django_assert_num_queries(1):
        rounds, sections, people, nobody = ask_together(*questions)

    assert [vars_of(each) for each in rounds] == [vars_of(each) for each in questions[0]]
    assert [tuple(row) for row in people] == list(questions[2])
    assert (sections, nobody) == ([], [])


def vars_of(row: Round) -> dict[str, object]:
    return {field.attname: getattr(row, field.attname) for field in Round._meta.concrete_fields}


@pytest.mark.django_db
def test_a_question_that_joins_another_table_is_refused() -> None:
    make.round_(make.competition())

    with pytest.raises(ValueError, match="zip"):
        ask_together(Round.objects.select_related("competition"))
    assert connection.is_usable()
