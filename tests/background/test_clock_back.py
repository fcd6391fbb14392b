"""The clock is set back by an hour: nothing waits until it has caught up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from accounts.delivery import BACKOFF, deliver_due, lease_due
from accounts.heartbeat import beat, is_alive
from accounts.hosts import leave_alone, resting_until
from accounts.models import Delivery, Message
from accounts.services import ask_job
from accounts.working import take_job
from kipp.celery import TICK, app
from kipp.ticking import Ticker
from tests import make
from tests.background.conftest import Sink
from tests.background.test_delivery import promise
from tests.background.wanting import everything

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
BEFORE = make.NOON - HOUR


def send() -> int:
    return deliver_due(clock=lambda: BEFORE, wanted_among=everything)


@pytest.mark.django_db
def test_mail_of_the_hour_to_come_goes_out(sink: Sink) -> None:
    promise()

    assert send() == 1


@pytest.mark.django_db
def test_lease_of_the_hour_to_come_is_over(sink: Sink) -> None:
    promise()
    lease_due(at=make.NOON)

    assert send() == 1


@pytest.mark.django_db
def test_retry_of_the_hour_to_come_goes_out_and_one_a_moment_ahead_waits(sink: Sink) -> None:
    mail = promise()
    Message.objects.update(attempts=len(BACKOFF))
    sink.answers[mail.to_email] = "451 later"
    deliver_due(clock=lambda: make.NOON, wanted_among=everything)
    sink.answers.clear()

    assert lease_due(at=make.NOON - 5 * SECOND) == []
    assert send() == 1


@pytest.mark.django_db
def test_lease_of_a_machine_whose_clock_is_ahead_holds() -> None:
    promise()
    lease_due(at=make.NOON)

    assert lease_due(at=make.NOON - 5 * SECOND) == []


@pytest.mark.django_db
def test_job_of_a_worker_that_died_before_is_taken_and_one_a_moment_ahead_is_not() -> None:
    ask_job("work", {}, about="Uji", by=make.user(), at=make.NOON)
    take_job(at=make.NOON)

    assert take_job(at=make.NOON - 5 * SECOND) is None
    assert take_job(at=BEFORE) is not None


@pytest.mark.django_db
def test_rest_of_a_mail_server_and_of_a_host_is_over(sink: Sink) -> None:
    promise()
    Delivery.objects.create(pk=1, failures=9, resume_at=make.NOON + 300 * SECOND)
    for _failure in range(9):
        leave_alone("chat.example", at=make.NOON)

    rests = [resting_until("chat.example", at=at) for at in (BEFORE, make.NOON)]

    assert (rests[0], rests[1] is not None) == (None, True)
    assert Delivery.objects.get().is_held_at(make.NOON)
    assert send() == 1


@pytest.mark.django_db
def test_mails_of_the_hour_to_come_do_not_use_up_the_minute(sink: Sink, settings: Settings) -> None:
    settings.MAIL_PER_MINUTE = 1
    promise(1)
    deliver_due(clock=lambda: make.NOON, wanted_among=everything)
    promise(2)

    assert send() == 1


@pytest.mark.django_db
def test_sign_of_life_from_the_hour_to_come_proves_nothing() -> None:
    beat("worker", at=make.NOON)

    assert [is_alive("worker", at=at) for at in (BEFORE, make.NOON)] == [False, True]


@pytest.fixture
def ticker(tmp_path: Path) -> Iterator[Ticker]:
    made = Ticker(app=app, schedule_filename=str(tmp_path / "beat"))
    yield made
    made.close()


def test_ticks_of_the_hour_to_come_are_forgotten(ticker: Ticker) -> None:
    ticker.tick()
    now = app.now()
    for entry in ticker.schedule.values():
        entry.last_run_at = now + HOUR
    ticker.populate_heap()

    wait = ticker.tick()

    assert wait <= TICK.total_seconds()
    ran = [entry.last_run_at for entry in ticker.schedule.values() if entry.last_run_at]
    assert ran
    assert max(ran) <= app.now()
