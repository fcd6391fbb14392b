"""The database's own word on the lines of a ranking: they rest on an entry of its stage."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from threading import Event

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F

from judging.models import Entry, Ranking, Stage, Standing
from tests import make
from tests.judging.field import closed

NOBODY = 2**40


def line_of(ranking: Ranking, entry: int) -> Standing:
    return Standing(
        ranking=ranking, entry_id=entry, order=99, rank=99, score=1, readings=1, decision="clear"
    )


def later_stage(stage: Stage) -> Stage:
    return make.stage(stage.competition, "paparan")


def first_of(ranking: Ranking) -> list[int]:
    return list(ranking.stage.entries.values_list("pk", flat=True)[:1])


@pytest.mark.django_db
@pytest.mark.parametrize("case", ["no ranking", "no entry", "an entry of another stage"])
def test_line_rests_on_an_entry_of_its_stage(case: str) -> None:
    made, ranking = closed(judges=1, entries=2)
    known = made.stage.entries.first()
    assert known
    strange = Entry.objects.create(
        stage=later_stage(made.stage), proposal=known.proposal, submission=known.submission
    )
    lines = {
        "no ranking": line_of(Ranking(pk=NOBODY), known.pk),
        "no entry": line_of(ranking, NOBODY),
        "an entry of another stage": line_of(ranking, strange.pk),
    }

    with pytest.raises(IntegrityError, match="without an entry of its stage"), transaction.atomic():
        lines[case].save()
    with pytest.raises(IntegrityError, match="without an entry"), transaction.atomic():
        Standing.objects.filter(ranking=ranking, order=1).update(
            entry=lines[case].entry_id, ranking=lines[case].ranking_id, order=F("order") + 50
        )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "act",
    [
        lambda ranking: Ranking.objects.filter(pk=ranking.pk)._raw_delete("default"),
        lambda ranking: ranking.stage.entries.all()._raw_delete("default"),
        lambda ranking: Ranking.objects.filter(pk=ranking.pk).update(id=NOBODY),
        lambda ranking: ranking.stage.entries.filter(pk__in=first_of(ranking)).update(id=NOBODY),
        lambda ranking: ranking.stage.entries.update(stage=later_stage(ranking.stage)),
    ],
    ids=["ranking deleted", "entries deleted", "ranking renamed", "entry renamed", "entries moved"],
)
def test_what_lines_rest_on_stays(act: Callable[[Ranking], object]) -> None:
    _made, ranking = closed(judges=1, entries=2)

    with pytest.raises(IntegrityError, match="lines of a ranking rest on it"), transaction.atomic():
        act(ranking)


@pytest.mark.django_db
def test_other_facts_of_a_ranking_may_be_written() -> None:
    _made, ranking = closed(judges=1, entries=2)

    ranking.save()
    assert ranking.stage.entries.update(submission=F("submission"), stage=F("stage")) == 2


@pytest.mark.django_db(transaction=True)
def test_entry_cannot_go_while_a_line_on_it_is_written() -> None:
    made, ranking = closed(judges=1, entries=2)
    ranking.standings.filter(order=2).delete()
    gone = made.stage.entries.get(standings=None)
    gone.assignments.all().delete()
    written, said = Event(), []

    def remove() -> None:
        written.wait()
        try:
            Entry.objects.filter(pk=gone.pk)._raw_delete("default")
        except IntegrityError as error:
            said.append(str(error))
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            line_of(ranking, gone.pk).save()
            removing = pool.submit(remove)
            written.set()
            wait_for_a_lock()
        removing.result()

    assert "lines of a ranking rest on it" in said[0]
    assert ranking.standings.count() == 2


@pytest.mark.django_db
def test_database_of_before_the_rewritten_migrations_is_refused() -> None:
    refuse = import_module("judging.migrations.0003_frozen_lines").REFUSE
    with connection.cursor() as cursor:
        cursor.execute(refuse)
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied)"
            " VALUES ('judging', '0003_plain_inputs', now())"
        )
        with pytest.raises(DatabaseError, match="begin a new one"), transaction.atomic():
            cursor.execute(refuse)


def wait_for_a_lock() -> None:
    """Until another session of this database waits for what this one holds."""
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    with connection.cursor() as cursor:
        count = 0
        while not count:
            cursor.execute(waiting)
            [(count,)] = cursor.fetchall()
