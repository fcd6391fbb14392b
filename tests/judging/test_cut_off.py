"""What makes or unmakes a result, killed at every SQL statement in turn: all or nothing.

And then it works.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any, NoReturn

import pytest
from django.db import connection, connections

from accounts.models import AuditEntry, Message
from judging import services
from judging.models import Addendum, Award, Publication, Ranking, Stage, Standing
from proposals.models import EarlierAward, RegisterEntry
from tests import make
from tests.judging.field import City, closed, find_offenders, opened, propose

pytestmark = pytest.mark.django_db(transaction=True)

COUNTED = (Ranking, Standing, Addendum, Award, EarlierAward, RegisterEntry, Message, AuditEntry)
Execute = Callable[..., Any]


class Killer:
    """Ends this process as `kill -9` does, just before its `at`th statement."""

    def __init__(self, *, at: int) -> None:
        self.at, self.seen = at, 0

    def __call__(self, execute: Execute, *args: Any) -> Any:
        self.seen += 1
        if self.seen == self.at:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*args)


def is_killed(act: Callable[[], object], *, at: int) -> bool:
    """Of a process of its own: whether it died, or came to its end before so many statements."""
    child = os.fork()
    if child == 0:
        act_and_exit(act, killer=Killer(at=at))
    _pid, status = os.waitpid(child, 0)
    assert status in (0, signal.SIGKILL)
    return status == signal.SIGKILL


def act_and_exit(act: Callable[[], object], *, killer: Killer) -> NoReturn:
    """On a connection of its own: the parent would keep an inherited one open, and its locks."""
    code = 1
    try:
        connections["default"] = connections["default"].copy()
        with connection.execute_wrapper(killer):
            act()
        code = 0
    finally:
        os._exit(code)


def what_stands() -> list[object]:
    counts = [model._default_manager.count() for model in COUNTED]
    stages = list(Stage.objects.order_by("pk").values_list("status", "version", "closed_at"))
    released = list(Publication.objects.values_list("status", "version", "unveiled_at"))
    return [counts, stages, released]


def ready_to_close() -> Callable[[], object]:
    made = opened(judges=2, entries=3)
    for judge in made.judges:
        for number in range(3):
            made.score(judge, number, str(90 - number), str(80 - number))
    return lambda: services.close_stage(made.stage, by=made.chair, at=make.NOON)


def ready_to_release() -> Callable[[], object]:
    made, _ranking = closed(judges=1, entries=3)
    make.membership(make.user(), made.agencies[0])
    publication = propose(made)
    return lambda: _release(made, publication.pk)


def _release(made: City, pk: int) -> object:
    return services.release_publication(Publication.objects.get(pk=pk), by=made.chair, at=make.NOON)


def ready_to_withdraw() -> Callable[[], object]:
    made, _ranking = closed(judges=1, entries=3)
    make.membership(make.user(), made.agencies[0])
    publication = propose(made)
    _release(made, publication.pk)
    return lambda: _withdraw(made, publication.pk)


def _withdraw(made: City, pk: int) -> object:
    publication = Publication.objects.get(pk=pk)
    return services.withdraw_publication(
        publication, reason="Salah SK", by=made.chair, at=make.NOON
    )


def ready_for_an_addendum() -> Callable[[], object]:
    made, ranking = closed(judges=1, entries=3)
    return lambda: services.add_addendum(ranking, text="Salah SK", by=made.chair, at=make.NOON)


@pytest.mark.parametrize(
    ("prepare", "statements"),
    [
        (ready_to_close, 10),
        (ready_to_release, 10),
        (ready_to_withdraw, 10),
        (ready_for_an_addendum, 4),
    ],
)
def test_process_killed_at_any_statement_leaves_nothing_and_the_next_one_does_it(
    prepare: Callable[[], Callable[[], object]], statements: int
) -> None:
    act = prepare()
    before = what_stands()
    number = 1
    while is_killed(act, at=number):
        assert what_stands() == before, number
        number += 1

    assert number > statements
    assert what_stands() != before
    assert find_offenders() == []
