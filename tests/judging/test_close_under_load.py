"""Eight judges save in loops while two people close: what was acknowledged is what counts."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Event
from typing import TypeVar

import pytest
from django.core.exceptions import ValidationError
from django.db import connections

from accounts.models import User
from judging import services
from judging.models import Assignment, Ranking, Score
from judging.queries.law import entries_from_plain
from judging.ranking import inputs_hash, law_from_plain
from judging.services import Sheet
from tests import make
from tests.judging.field import City, find_offenders, opened

pytestmark = pytest.mark.django_db(transaction=True)

T = TypeVar("T")
JUDGES = 8
# Far more rounds than fit into the time that the close may wait.
ENDLESS = 5_000


def in_thread(work: Callable[[], T]) -> T:
    try:
        return work()
    finally:
        connections.close_all()


def score_until_closed(made: City, judge: User, *, started: Event) -> dict[str, Decimal]:
    """Revise and submit again and again; answer the last value that was acknowledged."""
    sheet = made.sheet(judge, 0)
    acknowledged: dict[str, Decimal] = {}
    services.declare_no_conflict(sheet, by=judge, at=make.NOON)
    for number in range(ENDLESS):
        values = {"signifikansi": Decimal(number % 101), "kebaruan": Decimal((number * 7) % 101)}
        try:
            sheet.refresh_from_db()
            if sheet.status == "submitted":
                services.revise_scorecard(sheet, reason="Ulang", by=judge, at=make.NOON)
            services.submit_scorecard(
                sheet, sheet=Sheet(values=values), version=sheet.version, by=judge, at=make.NOON
            )
        except ValidationError as error:
            if error.error_list[0].code == "closed":
                return acknowledged
            raise
        acknowledged = values
        started.set()
    raise AssertionError("the stage never closed")


def close(made: City, by: User) -> Ranking | str:
    try:
        return services.close_stage(made.stage, missing_accepted=JUDGES, by=by, at=make.NOON)
    except ValidationError as error:
        return str(error.error_list[0].code)


def test_close_while_eight_judges_save_freezes_what_they_were_told() -> None:
    made = opened(judges=JUDGES, entries=1)
    started = [Event() for _judge in made.judges]

    with ThreadPoolExecutor(JUDGES + 2) as pool:
        saving = [
            pool.submit(in_thread, lambda j=judge, s=begun: score_until_closed(made, j, started=s))
            for judge, begun in zip(made.judges, started, strict=True)
        ]
        assert all(begun.wait(20) for begun in started)
        closing = [
            pool.submit(in_thread, lambda c=chair: close(made, c))
            for chair in (made.chair, made.organizer)
        ]
        closed = [each.result(60) for each in closing]
        acknowledged = [each.result(60) for each in saving]

    rankings = [each for each in closed if isinstance(each, Ranking)]
    assert [each for each in closed if not isinstance(each, Ranking)] == ["not_now"]
    (ranking,) = rankings
    law, entries = law_from_plain(ranking.law), entries_from_plain(ranking.inputs)
    assert inputs_hash(law, entries) == ranking.inputs_hash
    counted = entries[0].scorecards
    aliases = dict(made.stage.panel.values_list("user", "alias"))
    for judge, values in zip(made.judges, acknowledged, strict=True):
        sheet = Assignment.objects.get(panelist__user=judge)
        stored = dict(Score.objects.filter(assignment=sheet).values_list("criterion__key", "value"))
        assert stored == values
        card = counted.get(aliases[judge.pk])
        assert card == (values if sheet.status == "submitted" else None)
    assert find_offenders() == []


def test_autosaves_of_one_sheet_at_once_are_accepted_one_by_one() -> None:
    made = opened(judges=1, entries=1)
    judge = made.judges[0]
    sheet = made.sheet(judge, 0)
    services.declare_no_conflict(sheet, by=judge, at=make.NOON)

    def save(number: int) -> str:
        own = made.sheet(judge, 0)
        typed = Sheet(values={"kebaruan": Decimal(number)})
        try:
            services.save_scorecard(own, sheet=typed, version=sheet.version, by=judge, at=make.NOON)
        except ValidationError as error:
            return str(error.error_list[0].code)
        return "saved"

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda n: in_thread(lambda: save(n)), range(8)))

    assert sorted(outcomes) == ["saved"] + ["stale"] * 7
    assert Score.objects.count() == 1
