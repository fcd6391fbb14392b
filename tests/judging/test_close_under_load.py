"""Eight judges save in loops while two people close and publish: what was told is what counts."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from threading import Event
from time import sleep
from typing import TypeVar

import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from django.test import Client
from django.urls import reverse

from accounts.models import User
from judging import services
from judging.models import Assignment, Ranking, Score
from judging.queries.law import entries_from_plain
from judging.ranking import inputs_hash, law_from_plain, rank_entries
from judging.services import Sheet
from tests import make
from tests.clients import signed_in
from tests.judging.field import City, find_offenders, opened, propose
from tests.judging.test_preview import ADDRESS, announced, url

pytestmark = pytest.mark.django_db(transaction=True)

T = TypeVar("T")
JUDGES = 8
ROUNDS = int(os.environ.get("CLOSE_ROUNDS", "2"))
# A round takes one to three seconds; a later one sees more versions than the first.
PATIENCE = 120 + 5 * ROUNDS


def in_thread(work: Callable[[], T]) -> T:
    try:
        return work()
    finally:
        connections.close_all()


@dataclass
class Desk:
    """What one judge was told last, and whether the present close has been noticed."""

    acknowledged: dict[str, Decimal] = field(default_factory=dict)
    saved: Event = field(default_factory=Event)
    refused: Event = field(default_factory=Event)


def score_in_loops(made: City, judge: User, *, desk: Desk, over: Event) -> None:
    """Revise and submit again and again, through every close, until it is over."""
    sheet = made.sheet(judge, 0)
    services.declare_no_conflict(sheet, by=judge, at=make.NOON)
    number = 0
    while not over.is_set():
        number += 1
        values = {"signifikansi": Decimal(number % 101), "kebaruan": Decimal((number * 7) % 101)}
        try:
            sheet.refresh_from_db()
            if sheet.status == "submitted":
                services.revise_scorecard(sheet, reason="Ulang", by=judge, at=make.NOON)
            services.submit_scorecard(
                sheet, sheet=Sheet(values=values), version=sheet.version, by=judge, at=make.NOON
            )
        except ValidationError as error:
            if error.error_list[0].code != "closed":
                raise
            desk.refused.set()
            sleep(0.005)
            continue
        desk.acknowledged = values
        desk.saved.set()


def close(made: City, by: User) -> Ranking | str:
    try:
        return services.close_stage(made.stage, missing_accepted=JUDGES, by=by, at=make.NOON)
    except ValidationError as error:
        return str(error.error_list[0].code)


def close_twice(made: City, pool: ThreadPoolExecutor) -> Ranking:
    """From two tabs: one of them freezes."""
    clicks = [
        pool.submit(in_thread, lambda by=by: close(made, by)) for by in (made.chair, made.organizer)
    ]
    closed = [click.result(60) for click in clicks]
    assert [each for each in closed if isinstance(each, str)] == ["not_now"]
    return next(each for each in closed if isinstance(each, Ranking))


def require_frozen_as_told(made: City, ranking: Ranking, desks: Mapping[int, Desk]) -> None:
    """The stage is closed and every judge knows it: nothing moves but on purpose."""
    law, entries = law_from_plain(ranking.law), entries_from_plain(ranking.inputs)
    assert inputs_hash(law, entries) == ranking.inputs_hash
    counted = entries[0].scorecards
    aliases = dict(made.stage.panel.values_list("user", "alias"))
    for judge, desk in desks.items():
        sheet = Assignment.objects.get(panelist__user=judge)
        stored = dict(Score.objects.filter(assignment=sheet).values_list("criterion__key", "value"))
        assert stored == desk.acknowledged
        card = counted.get(aliases[judge])
        assert card == (desk.acknowledged if sheet.status == "submitted" else None)


def publish_and_withdraw(made: City, ranking: Ranking) -> None:
    """What is published is what the preview showed and what the frozen copy gives."""
    publication, chair = propose(made), signed_in(made.chair)
    preview = chair.get(url("publication", publication)).content.decode()
    services.release_publication(publication, by=made.chair, at=make.NOON)
    public = Client().get(reverse("judging:public-results", args=[made.competition.slug]))
    shown = announced(public.content.decode())
    assert ADDRESS.sub("", shown) == ADDRESS.sub("", announced(preview))
    law, entries = law_from_plain(ranking.law), entries_from_plain(ranking.inputs)
    recomputed = [line.cumulative for line in rank_entries(law, entries).lines]
    assert list(publication.ranking.standings.values_list("score", flat=True)) == recomputed
    services.withdraw_publication(publication, reason="Uji", by=made.chair, at=make.NOON)


@pytest.mark.timeout(PATIENCE)
def test_close_and_publish_while_eight_judges_save() -> None:
    """`make rounds` has five hundred; a round in which nobody's sheet counts has no winner."""
    made, over = opened(judges=JUDGES, entries=1), Event()
    desks = {judge.pk: Desk() for judge in made.judges}
    with ThreadPoolExecutor(JUDGES + 2) as pool:
        loops = [
            pool.submit(
                in_thread,
                partial(score_in_loops, made, judge, desk=desks[judge.pk], over=over),
            )
            for judge in made.judges
        ]
        try:
            for _round in range(ROUNDS):
                play_round(made, desks, pool)
        finally:
            over.set()
        for loop in loops:
            loop.result(60)

    assert find_offenders() == []


def play_round(made: City, desks: Mapping[int, Desk], pool: ThreadPoolExecutor) -> None:
    assert all(desk.saved.wait(60) for desk in desks.values())
    ranking = close_twice(made, pool)
    for desk in desks.values():
        desk.refused.clear()
    assert all(desk.refused.wait(60) for desk in desks.values())
    require_frozen_as_told(made, ranking, desks)
    if ranking.standings.filter(rank=1).exists():
        publish_and_withdraw(made, ranking)
    for desk in desks.values():
        desk.saved.clear()
    services.reopen_stage(made.stage, reason="Putaran berikut", by=made.chair, at=make.NOON)


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
