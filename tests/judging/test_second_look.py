"""Further readings after a first close, by a rule that stood before anybody scored."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from judging import services
from judging.calibration import Chance, least_certain
from judging.models import Assignment, Ranking
from judging.queries.second_look import plan_second_look
from tests import make
from tests.clients import signed_in
from tests.judging.field import City, at, code_of, last_entry, opened
from tests.kept import kept

pytestmark = pytest.mark.django_db

RULE = {"readings": 2, "second_look_readings": 1, "second_look_gap": "10"}


@kept
def first_close(**rule: object) -> tuple[City, Ranking]:
    """Two of three judges read each of three entries; they disagree about the first alone."""
    made = opened(judges=3, entries=3, **{**RULE, **rule})
    for number in range(3):
        readers = Assignment.objects.filter(entry__proposal__unit=made.agencies[number])
        for place, sheet in enumerate(readers.order_by("pk").select_related("panelist__user")):
            value = str(90 - 40 * place) if number == 0 else "70"
            made.score(sheet.panelist.user, number, value, value)
    return made, services.close_stage(made.stage, by=made.chair, at=make.NOON)


def fingerprint_of(made: City, frozen: Ranking) -> str:
    made.stage.refresh_from_db()
    return plan_second_look(made.stage, frozen=frozen, at=make.NOON).filling.fingerprint


def test_second_look_gives_the_entry_a_reader_who_is_blind_to_it() -> None:
    made, frozen = first_close()
    before = set(Assignment.objects.values_list("pk", "total"))
    shown = signed_in(made.chair).get(at(made, "second-look"))

    done = signed_in(made.chair).post(
        at(made, "second-look"), {"fingerprint": fingerprint_of(made, frozen)}
    )

    assert [row.title for row in shown.context["picked"]] == ["Inovasi Dinas 00"]
    assert done.headers["Location"] == at(made, "stage")
    made.stage.refresh_from_db()
    assert made.stage.status == "open"
    assert (
        set(Assignment.objects.exclude(reason="second_look").values_list("pk", "total")) == before
    )
    extra = Assignment.objects.get(reason="second_look")
    assert extra.entry.proposal.title == "Inovasi Dinas 00"
    assert last_entry(made.stage).action == "stage.second_look"


def test_second_close_ranks_all_readings_and_keeps_the_first() -> None:
    made, frozen = first_close()
    services.take_second_look(
        made.stage, fingerprint=fingerprint_of(made, frozen), by=made.chair, at=make.NOON
    )
    extra = Assignment.objects.select_related("panelist__user").get(reason="second_look")
    made.score(extra.panelist.user, 0, "100", "100")

    second = services.close_stage(made.stage, by=made.chair, at=make.NOON)

    scores = [
        dict(each.standings.values_list("entry__proposal__unit__name", "stage_score"))["Dinas 00"]
        for each in (frozen, second)
    ]
    assert scores == [70, 80]
    made.stage.refresh_from_db()
    again = plan_second_look(made.stage, frozen=second, at=make.NOON)
    assert [str(problem) for problem in again.problems] == ["The second look was taken already."]


@pytest.mark.parametrize("rule", [{"second_look_readings": None, "second_look_gap": None}, {}])
def test_second_look_refuses_what_was_not_declared_or_not_shown(rule: dict[str, object]) -> None:
    made, _frozen = first_close(**rule)

    with pytest.raises(ValidationError) as caught:
        services.take_second_look(made.stage, fingerprint="other", by=made.chair, at=make.NOON)

    assert code_of(caught) == ("stale" if not rule else "second_look")
    made.stage.refresh_from_db()
    assert made.stage.status == "closed"


def test_least_certain_are_those_nearest_to_an_even_chance() -> None:
    chances = {
        key: Chance(share=share)
        for key, share in {"a": 0.99, "b": 0.6, "c": 0.45, "d": 0.2, "e": 0.01}.items()
    }

    assert least_certain(chances, count=None) == ["c", "b", "d"]
    assert least_certain(chances, count=2) == ["c", "b"]
