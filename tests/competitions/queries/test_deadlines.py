from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction

from competitions import queries, services
from competitions.models import Round
from tests import make


@pytest.mark.django_db
def test_no_round_of_a_kind_has_no_deadline() -> None:
    competition = make.competition()

    assert queries.round_for(competition, "submission") is None
    assert queries.deadline_for(competition, "submission") is None
    assert queries.share_deadline(competition, "submission", unit=competition.host) is None


@pytest.mark.django_db
def test_deadline_admits_from_the_start_to_before_the_end() -> None:
    competition = make.competition()
    round_ = make.round_(competition)

    deadline = queries.share_deadline(competition, "submission", unit=competition.host)

    assert deadline is not None
    assert deadline.round == round_
    assert deadline.admits(round_.starts_at)
    assert not deadline.admits(round_.starts_at - timedelta(microseconds=1))
    assert deadline.admits(round_.ends_at - timedelta(seconds=5))
    assert not deadline.admits(round_.ends_at)


@pytest.mark.django_db
def test_deadline_counts_the_wait_for_the_lock() -> None:
    competition = make.competition()
    round_ = make.round_(competition)
    free = queries.share_deadline(competition, "submission", unit=competition.host)
    assert free is not None

    held = queries.Deadline(
        round_, round_.starts_at, round_.ends_at, now=free.now, waited=timedelta(seconds=3)
    )

    assert held.admits(round_.ends_at - timedelta(seconds=4))
    assert not held.admits(round_.ends_at - timedelta(seconds=2))


@pytest.mark.django_db(transaction=True)
def test_sender_waits_for_an_extension_and_gets_the_new_end() -> None:
    competition = make.competition()
    round_ = make.round_(competition)
    found: list[queries.Deadline | None] = []

    def send() -> None:
        with transaction.atomic():
            found.append(queries.share_deadline(competition, "submission", unit=competition.host))
        connection.close()

    with transaction.atomic():
        services.extend_round(
            round_,
            by=make.user(),
            at=make.NOON,
            new_ends_at=round_.ends_at + make.DAY,
            reason="-",
            letter_number="1",
        )
        sender = threading.Thread(target=send)
        sender.start()
        wait_for_a_lock()
    sender.join(timeout=5)

    assert found[0] is not None
    assert found[0].ends_at == Round.objects.get().ends_at == round_.ends_at + make.DAY
    assert found[0].waited > timedelta(0)


def wait_for_a_lock() -> None:
    """Until somebody stands in the queue for a row of this database."""
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    raise AssertionError("Nobody waits.")


@pytest.mark.django_db(transaction=True)
def test_senders_do_not_wait_for_each_other() -> None:
    competition = make.competition()
    make.round_(competition)
    done: list[bool] = []

    def send() -> None:
        with transaction.atomic():
            queries.share_deadline(competition, "submission", unit=competition.host)
        connection.close()
        done.append(True)

    with transaction.atomic():
        queries.share_deadline(competition, "submission", unit=competition.host)
        other = threading.Thread(target=send)
        other.start()
        other.join(timeout=5)

    assert done == [True]
