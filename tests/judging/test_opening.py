"""Setting a stage up and opening it: what is pulled, barred, handed out and refused."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Message
from judging import services
from judging.models import Assignment, Conflict, Stage
from judging.services import CriterionTerms, Sheet
from judging.workflow import StageStatus
from tests import make
from tests.clients import signed_in
from tests.judging.field import City, at, city, code_of, last_entry, opened

pytestmark = pytest.mark.django_db


def test_open_stage_pulls_eligible_entries_and_lets_everybody_read_everything() -> None:
    made = opened(judges=2, entries=3)

    assert made.stage.status == StageStatus.OPEN
    assert made.stage.seed == 7
    assert sorted(made.stage.entries.values_list("proposal__title", flat=True)) == [
        "Inovasi Dinas 00",
        "Inovasi Dinas 01",
        "Inovasi Dinas 02",
    ]
    for judge in made.judges:
        own = Assignment.objects.filter(panelist__user=judge)
        assert list(own.values_list("position", flat=True)) == [1, 2, 3]
        assert set(own.values_list("reason", flat=True)) == {"everybody"}
    told = Message.objects.filter(kind="judging_stage_opened")
    assert set(told.values_list("recipient", flat=True)) == {judge.pk for judge in made.judges}
    assert last_entry(made.stage).action == "stage.opened"


def test_open_stage_balances_a_large_panel() -> None:
    made = opened(judges=9, entries=6)

    loads = [Assignment.objects.filter(panelist__user=judge).count() for judge in made.judges]
    assert loads == [2] * 9


def test_open_stage_bars_kin_of_the_unit_and_those_who_left_within_two_years() -> None:
    made = city(judges=4, entries=2)
    insider, above, left, long_gone = made.judges
    first, host = made.agencies[0], made.competition.host
    below = make.unit("UPT", parent=first, level="service")
    make.membership(insider, below)
    make.membership(above, host)
    for judge, days in ((left, 700), (long_gone, 740)):
        membership = make.membership(judge, first)
        membership.ended_at = make.NOON - timedelta(days=days)
        membership.save(update_fields=["ended_at"])
    made.stage.min_readings = 1
    services.open_stage(made.stage, by=made.chair, at=make.NOON)

    barred = Conflict.objects.values_list("panelist__user", "entry__proposal__unit", "ground")
    assert set(barred) == {
        (insider.pk, first.pk, "unit"),
        (above.pk, first.pk, "unit"),
        (above.pk, made.agencies[1].pk, "unit"),
        (left.pk, first.pk, "unit"),
    }
    readers = Assignment.objects.filter(entry__proposal__unit=first)
    assert list(readers.values_list("panelist__user", flat=True)) == [long_gone.pk]


def _drop_weight(made: City) -> None:
    made.stage.criteria.filter(key="kebaruan").update(weight=39)


def _empty_panel(made: City) -> None:
    made.stage.panel.all().delete()


def _no_entries(made: City) -> None:
    made.competition.proposals.update(status="ineligible")


def _unscreened(made: City) -> None:
    made.competition.proposals.filter(unit=made.agencies[0]).update(status="submitted")


def _demand_readings(made: City) -> None:
    Stage.objects.filter(pk=made.stage.pk).update(min_readings=3)


def _name_a_later_stage(made: City) -> None:
    Stage.objects.filter(pk=made.stage.pk).update(stage_weights={"desk": "60", "final": "40"})


def _leave_a_cap_behind(made: City) -> None:
    Stage.objects.filter(pk=made.stage.pk).update(method="mean", method_parameter=5)


def _drop_half_a_score(made: City) -> None:
    law = {"method": "trimmed", "method_parameter": Decimal("1.5"), "min_readings": 3}
    Stage.objects.filter(pk=made.stage.pk).update(**law)


def _spread_by_nothing(made: City) -> None:
    Stage.objects.filter(pk=made.stage.pk).update(spread_by="category", spread_limit=1)


def _label_beside_the_scale(made: City) -> None:
    levels = [{"value": "50", "label": "Cukup"}, {"value": "101", "label": "Luar biasa"}]
    made.stage.criteria.filter(key="kebaruan").update(levels=levels)


def _unclosed_before(made: City) -> None:
    make.stage(made.competition, "first")
    Stage.objects.filter(pk=made.stage.pk).update(order=9)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (_drop_weight, "criterion_weights"),
        (_empty_panel, "no_panel"),
        (_no_entries, "no_entries"),
        (_unscreened, "unscreened"),
        (_demand_readings, "too_few_judges"),
        (_name_a_later_stage, "unknown_stage"),
        (_leave_a_cap_behind, "cap"),
        (_drop_half_a_score, "trim"),
        (_spread_by_nothing, "no_group"),
        (_label_beside_the_scale, "levels"),
        (_unclosed_before, "too_early"),
    ],
)
def test_open_stage_refuses_what_cannot_be_judged(spoil: object, code: str) -> None:
    made = city()
    spoil(made)  # type: ignore[operator]

    with pytest.raises(ValidationError) as error:
        services.open_stage(made.stage, by=made.chair, at=make.NOON)

    asked = signed_in(made.chair).post(at(made, "stage-open"))
    assert (code_of(error), asked.status_code) == (code, 422)
    made.stage.refresh_from_db()
    assert made.stage.status == StageStatus.SETUP
    assert made.stage.entries.count() == 0


def test_open_stage_from_two_tabs_opens_once() -> None:
    made = opened()

    with pytest.raises(ValidationError) as error:
        services.open_stage(made.stage, by=made.organizer, at=make.NOON)

    assert code_of(error) == "not_now"
    assert made.stage.entries.count() == 3


def test_second_stage_pulls_who_advanced_and_weighs_the_first() -> None:
    made = opened(judges=1, entries=4)
    final = make.stage(
        made.competition, "final", stage_weights={"desk": "30", "final": "70"}, advance_count=1
    )
    make.criterion(final, "presentasi")
    judge = made.judges[0]
    for number in range(4):
        made.score(judge, number, str(90 - number), str(80 - number))
    first = services.close_stage(made.stage, by=made.chair, at=make.NOON)
    services.seat_panelist(final, user=judge, by=made.chair, at=make.NOON)
    final = services.open_stage(final, by=made.chair, at=make.NOON)

    for number, value in ((0, "50"), (1, "60")):
        sheet = Assignment.objects.get(
            entry__stage=final, entry__proposal__unit=made.agencies[number]
        )
        services.declare_no_conflict(sheet, by=judge, at=make.NOON)
        typed = Sheet(values={"presentasi": Decimal(value)})
        services.submit_scorecard(sheet, sheet=typed, version=sheet.version, by=judge, at=make.NOON)
    ranking = services.close_stage(final, by=made.chair, at=make.NOON)

    assert first.law["tiers"] == []
    lines = ranking.standings.values_list(
        "entry__proposal__unit__name", "place", "stage_score", "score", "tiers"
    )
    assert list(lines) == [
        ("Dinas 01", 1, Decimal(60), Decimal("67.50"), ["top2", "top1"]),
        ("Dinas 00", 2, Decimal(50), Decimal("60.80"), ["top2"]),
    ]


def test_change_stage_rewrites_law_and_rubric_until_it_opens() -> None:
    made = city()
    version = made.stage.version
    terms = [
        CriterionTerms(key="kebaruan", label="Kebaruan", weight=Decimal(100)),
        CriterionTerms(key="lain", label="Lain", weight=Decimal(0)),
    ]

    services.change_stage(
        made.stage,
        law={"method": "median", "advance_count": 1},
        criteria=terms,
        version=version,
        by=made.chair,
        at=make.NOON,
    )

    made.stage.refresh_from_db()
    assert (made.stage.method, made.stage.advance_count) == ("median", 1)
    assert list(made.stage.criteria.values_list("key", "weight", "order")) == [
        ("kebaruan", Decimal(100), 0),
        ("lain", Decimal(0), 1),
    ]
    with pytest.raises(ValidationError) as error:
        services.change_stage(
            made.stage, law={}, criteria=terms, version=version, by=made.chair, at=make.NOON
        )
    assert code_of(error) == "stale"
    services.open_stage(made.stage, by=made.chair, at=make.NOON)
    with pytest.raises(ValidationError) as error:
        services.change_stage(
            made.stage, law={}, criteria=terms, version=version + 2, by=made.chair, at=make.NOON
        )
    assert code_of(error) == "not_now"


def test_change_stage_knows_only_the_law() -> None:
    made = city()

    with pytest.raises(TypeError):
        services.change_stage(
            made.stage,
            law={"status": "open"},
            criteria=[],
            version=made.stage.version,
            by=made.chair,
            at=make.NOON,
        )


def test_panel_is_seated_once_and_only_during_setup() -> None:
    made = city(judges=2)
    judge = made.judges[0]

    with pytest.raises(ValidationError):
        services.seat_panelist(made.stage, user=judge, by=made.chair, at=make.NOON)
    services.unseat_panelist(made.stage.panel.get(user=judge), by=made.chair, at=make.NOON)
    assert list(made.stage.panel.values_list("user", flat=True)) == [made.judges[1].pk]

    services.open_stage(made.stage, by=made.chair, at=make.NOON)
    with pytest.raises(ValidationError) as error:
        services.seat_panelist(made.stage, user=judge, by=made.chair, at=make.NOON)
    assert code_of(error) == "not_now"
