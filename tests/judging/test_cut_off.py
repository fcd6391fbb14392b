"""Close and release, cut off at every SQL statement in turn: all or nothing, and then it works."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from itertools import count
from typing import Any, NoReturn

import pytest
from django.db import OperationalError, connection, connections

from accounts.models import AuditEntry, Message
from judging import services
from judging.models import Addendum, Award, Publication, Ranking, Stage, Standing
from proposals.models import EarlierAward, RegisterEntry
from tests import make
from tests.judging.field import City, closed, find_offenders, opened, propose

pytestmark = pytest.mark.django_db(transaction=True)

COUNTED = (Ranking, Standing, Addendum, Award, EarlierAward, RegisterEntry, Message, AuditEntry)
Execute = Callable[..., Any]


class Cutter:
    """The connection is gone just before its `at`th statement, as when the server dies."""

    def __init__(self, *, at: int, cut: Callable[[], None]) -> None:
        self.at, self.cut, self.seen = at, cut, 0

    def __call__(self, execute: Execute, *args: Any) -> Any:
        self.seen += 1
        if self.seen == self.at:
            self.cut()
        return execute(*args)


def lose_connection() -> None:
    connection.connection.close()
    raise OperationalError("server closed the connection unexpectedly")


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_in_the_midst_of(act: Callable[[], object]) -> NoReturn:
    """On a connection of its own: the parent would keep an inherited one open, and its locks."""
    try:
        connections["default"] = connections["default"].copy()
        with connection.execute_wrapper(Cutter(at=12, cut=die)):
            act()
    finally:
        os._exit(1)


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


@pytest.mark.parametrize("prepare", [ready_to_close, ready_to_release])
def test_lost_connection_at_any_statement_leaves_nothing(
    prepare: Callable[[], Callable[[], object]],
) -> None:
    act = prepare()
    before = what_stands()
    for number in count(1):
        cutter = Cutter(at=number, cut=lose_connection)
        try:
            with connection.execute_wrapper(cutter):
                act()
        except OperationalError:
            connection.close()
            assert what_stands() == before, number
        else:
            break

    assert number > 10
    assert what_stands() != before
    assert find_offenders() == []


@pytest.mark.parametrize("prepare", [ready_to_close, ready_to_release])
def test_killed_process_leaves_nothing_and_the_next_one_does_it(
    prepare: Callable[[], Callable[[], object]],
) -> None:
    """In the midst of its writing, with nothing committed."""
    act = prepare()
    before = what_stands()
    child = os.fork()
    if child == 0:
        die_in_the_midst_of(act)
    _pid, status = os.waitpid(child, 0)

    assert os.WTERMSIG(status) == signal.SIGKILL
    assert what_stands() == before
    act()
    assert what_stands() != before
    assert find_offenders() == []
