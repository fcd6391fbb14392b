"""Closing and reopening a stage, and reminding who is late."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from accounts.audit import trail_of
from accounts.models import Message
from judging import services
from judging.models import Score
from judging.queries.law import entries_from_plain
from judging.ranking import inputs_hash, law_from_plain, rank_entries
from judging.workflow import StageStatus
from tests import make
from tests.judging.field import closed, code_of, marks, opened

pytestmark = pytest.mark.django_db


def test_close_freezes_a_ranking_that_recomputes() -> None:
    made, ranking = closed(judges=2, entries=3)

    assert made.stage.status == StageStatus.CLOSED
    lines = ranking.standings.values_list(
        "place", "rank", "score", "readings", "advances", "tiers", "entry__proposal__unit__name"
    )
    assert list(lines) == [
        (1, 1, Decimal(86), 2, True, ["top2", "top1"], "Dinas 00"),
        (2, 2, Decimal(85), 2, True, ["top2"], "Dinas 01"),
        (3, 3, Decimal(84), 2, False, [], "Dinas 02"),
    ]
    law, entries = law_from_plain(ranking.law), entries_from_plain(ranking.inputs)
    assert inputs_hash(law, entries) == ranking.inputs_hash
    again = [str(line.cumulative) for line in rank_entries(law, entries).lines]
    assert again == ["86.00", "85.00", "84.00"]
    assert len(ranking.code_version) == 40


def test_order_of_the_criteria_on_the_page_changes_no_score() -> None:
    made = opened(judges=1, entries=1)
    made.score(made.judges[0], 0, "80", "40")
    made.stage.criteria.filter(key="signifikansi").update(order=9)

    ranking = services.close_stage(made.stage, by=made.chair, at=make.NOON)

    assert list(law_from_plain(ranking.law).weights) == ["kebaruan", "signifikansi"]
    assert ranking.standings.get().score == Decimal(64)


def test_close_asks_to_confirm_missing_scorecards_and_does_not_count_them() -> None:
    made = opened(judges=2, entries=2)
    made.score(made.judges[0], 0, "80", "80")

    with pytest.raises(ValidationError) as error:
        services.close_stage(made.stage, missing_accepted=2, by=made.chair, at=make.NOON)
    assert code_of(error) == "missing"
    assert error.value.messages == [
        "3 scorecards are not submitted. Confirm that they will not count."
    ]

    ranking = services.close_stage(made.stage, missing_accepted=3, by=made.chair, at=make.NOON)
    lines = ranking.standings.values_list("place", "readings", "score", "unranked")
    assert list(lines) == [(1, 1, Decimal(80), ""), (None, 0, None, "no_reading")]


def test_close_from_two_tabs_freezes_once() -> None:
    made, ranking = closed()

    with pytest.raises(ValidationError) as error:
        services.close_stage(made.stage, by=made.organizer, at=make.NOON)

    assert code_of(error) == "not_now"
    assert list(made.stage.rankings.all()) == [ranking]


def test_nothing_is_saved_after_the_close() -> None:
    made = opened(judges=1, entries=1)
    judge = made.judges[0]
    sheet = made.sheet(judge, 0)
    services.declare_no_conflict(sheet, by=judge, at=make.NOON)
    services.close_stage(made.stage, missing_accepted=1, by=made.chair, at=make.NOON)

    with pytest.raises(ValidationError) as error:
        services.save_scorecard(
            sheet, sheet=marks("1", "1"), version=sheet.version, by=judge, at=make.NOON
        )

    assert code_of(error) == "closed"


def test_reopen_keeps_the_old_ranking_and_the_next_close_makes_a_new_one() -> None:
    made, first = closed(judges=1, entries=2)
    judge = made.judges[0]

    with pytest.raises(ValidationError) as error:
        services.reopen_stage(made.stage, reason="", by=made.chair, at=make.NOON)
    assert code_of(error) == "reason"
    services.reopen_stage(made.stage, reason="Keberatan diterima", by=made.chair, at=make.NOON)
    sheet = made.sheet(judge, 1)
    services.revise_scorecard(sheet, reason="Keberatan", by=judge, at=make.NOON)
    services.submit_scorecard(
        sheet, sheet=marks("99", "99"), version=sheet.version, by=judge, at=make.NOON
    )
    second = services.close_stage(made.stage, by=made.chair, at=make.NOON)

    assert (first.version, second.version) == (1, 2)
    assert [line.entry.proposal.unit for line in first.standings.all()] == made.agencies
    assert [line.entry.proposal.unit for line in second.standings.all()] == made.agencies[::-1]
    assert Message.objects.filter(kind="judging_stage_reopened").count() == 1


def test_reopen_is_refused_once_something_rests_on_the_result() -> None:
    made, _ranking = closed()
    final = make.stage(made.competition, "final")
    make.criterion(final)
    services.seat_panelist(final, user=made.judges[0], by=made.chair, at=make.NOON)
    services.open_stage(final, by=made.chair, at=make.NOON)

    with pytest.raises(ValidationError) as error:
        services.reopen_stage(made.stage, reason="Salah", by=made.chair, at=make.NOON)

    assert code_of(error) == "next_stage_open"


def test_remind_judge_tells_the_open_count_once_a_day() -> None:
    made = opened(judges=1, entries=2)
    made.score(made.judges[0], 0, "1", "1")
    panelist = made.stage.panel.get()

    services.remind_judge(panelist, by=made.organizer, at=make.NOON)
    with pytest.raises(ValidationError) as again:
        services.remind_judge(panelist, by=made.organizer, at=make.NOON + make.DAY / 2)

    assert code_of(again) == "too_soon"
    assert Message.objects.filter(kind="judging_sheets_open").count() == 1
    assert trail_of(made.stage).filter(action="judge.reminded").count() == 1
    services.remind_judge(panelist, by=made.organizer, at=make.NOON + make.DAY)
    assert Message.objects.filter(kind="judging_sheets_open").count() == 2
    made.score(made.judges[0], 1, "1", "1")
    with pytest.raises(ValidationError) as error:
        services.remind_judge(panelist, by=made.organizer, at=make.NOON)
    assert code_of(error) == "nothing_open"


def test_close_refuses_values_that_the_law_cannot_read_and_changes_nothing() -> None:
    made = opened(judges=1, entries=1)
    made.score(made.judges[0], 0, "80", "80")
    Score.objects.filter(criterion__key="kebaruan").update(value="101")

    with pytest.raises(ValidationError) as error:
        services.close_stage(made.stage, by=made.chair, at=make.NOON)

    assert code_of(error) == "bad_score"
    made.stage.refresh_from_db()
    assert (made.stage.status, made.stage.rankings.count()) == (StageStatus.OPEN, 0)
