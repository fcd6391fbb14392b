"""The final send under faults: real gunicorn, real PostgreSQL, clocks that jump, kill -9.

F3, F4, F5, F24 and F27 of the promises. Nothing here is measured in how fast it is: whatever the
machine does, an answer must follow from the instant, and the instant must lie within the request.
"""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar
from uuid import uuid4

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, connections, transaction
from django.utils import timezone

from competitions.models import Extension, Round
from competitions.services import extend_round
from proposals import invariants
from proposals.models import Endorsement, Proposal, Submission
from proposals.queries.deadlines import database_now, deadlines_of
from tests import make
from tests.proposals.scene import Scene
from tests.sending.rig import Answer, Portal

Result = TypeVar("Result")

MS = timedelta(milliseconds=1)
HOUR = timedelta(hours=1)
# By how much a slow question to the database may move the instant, in the sender's favour.
EXACT = 25 * MS
ACCEPTED, REFUSED = 302, 422
KILLS, PATIENCE = 5, 90


@pytest.fixture(autouse=True)
def _everything_still_holds(court: Scene) -> Iterator[None]:
    yield
    at = court.endorsement.ends_at + 99 * make.DAY
    assert [line for check in invariants.INVARIANTS for line in check(at)] == []


@pytest.fixture(scope="module")
def session(court: Scene) -> str:
    store = SessionStore()
    store[SESSION_KEY] = str(court.endorser.pk)
    store[BACKEND_SESSION_KEY] = "accounts.backends.EmailBackend"
    store[HASH_SESSION_KEY] = court.endorser.get_session_auth_hash()
    store.set_expiry(timedelta(days=3650))
    store.create()
    return str(store.session_key)


def end_of(court: Scene) -> datetime:
    """For the unit that sends, with what it was granted so far."""
    window = deadlines_of(court.competition, unit=court.clinic).endorsing
    assert window is not None
    return window.ends_at


def move_to(portal: Portal, at: datetime) -> None:
    """The database believes that it is this moment now."""
    portal.database.move(at - timezone.now())


def at_once(*verbs: Callable[[], Answer]) -> list[Answer]:
    barrier = threading.Barrier(len(verbs))

    def run(verb: Callable[[], Answer]) -> Answer:
        barrier.wait(timeout=30)
        return verb()

    with ThreadPoolExecutor(len(verbs)) as pool:
        return list(pool.map(run, verbs))


def together(*verbs: Callable[[], Result]) -> list[Result]:
    """For verbs that use our own connection."""

    def run(verb: Callable[[], Result]) -> Result:
        try:
            return verb()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(verbs)) as pool:
        return list(pool.map(run, verbs))


@contextmanager
def holding(lock: str) -> Iterator[None]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(lock)
        yield


def test_fifty_identical_sends_give_one_receipt(portal: Portal, court: Scene, session: str) -> None:
    proposal, token = court.sent(), uuid4()
    move_to(portal, make.NOON)

    answers = at_once(*[lambda: portal.submit(proposal.pk, token=token, session=session)] * 50)

    place = f"/proposal/{proposal.pk}/tanda-terima/"
    assert {(answer.status, answer.location) for answer in answers} == {(ACCEPTED, place)}
    assert Submission.objects.filter(proposal=proposal).count() == 1
    assert Endorsement.objects.filter(proposal=proposal).count() == 1


def refused_instants(portal: Portal) -> list[datetime]:
    """Of those that came late; the log keeps them for whoever complains."""
    lines = [line for line in portal.log.read_text().splitlines() if line.startswith("{")]
    told = [entry for entry in map(json.loads, lines) if entry["event"] == "came_late"]
    return [datetime.fromisoformat(entry["received_at"]) for entry in told]


def test_the_deadlines_second_is_decided_by_the_instant(
    portal: Portal, court: Scene, session: str
) -> None:
    """The same end is reached again and again, each time with two sends around it."""
    end, before = end_of(court), len(refused_instants(portal))
    offsets = [-50, 50, -20, 20, -50, 50, -35, 35, -50, 50]
    sends = [(court.sent().pk, end + offset * MS) for offset in offsets]
    portal.web.move(-HOUR)

    def send(pk: int, at: datetime) -> tuple[Answer, datetime, datetime]:
        """With the database's clock before and after."""
        while (wait := (at - database_now()).total_seconds()) > 0:
            time.sleep(wait / 2)
        sent = database_now()
        return portal.submit(pk, token=uuid4(), session=session), sent, database_now()

    answers = []
    for pair in zip(sends[::2], sends[1::2], strict=True):
        move_to(portal, end - 200 * MS)
        answers += together(*[partial(send, pk, at) for pk, at in pair])

    late = refused_instants(portal)[before:]
    receipts = {row.proposal_id: row.received_at for row in Submission.objects.all()}
    for (pk, at), (answer, sent, answered) in zip(sends, answers, strict=True):
        assert answer.status == (ACCEPTED if pk in receipts else REFUSED)
        assert pk not in receipts or sent - EXACT <= receipts[pk] < min(answered, end)
        assert answer.status == REFUSED or at < end + EXACT
    assert len(late) == sum(answer.status == REFUSED for answer, *_times in answers)
    assert all(at >= end for at in late)
    assert {answer.status for answer, *_times in answers} == {ACCEPTED, REFUSED}


def test_the_web_servers_clock_decides_nothing(portal: Portal, court: Scene, session: str) -> None:
    early, late = court.sent(), court.sent()
    end = end_of(court)
    shift = end - timezone.now()

    portal.database.move(shift - timedelta(seconds=5))
    portal.web.move(shift + HOUR)
    in_time = portal.submit(early.pk, token=uuid4(), session=session)
    health = json.loads(portal.get("/readyz"))["components"]
    portal.database.move(shift + timedelta(seconds=5))
    portal.web.move(shift - HOUR)
    too_late = portal.submit(late.pk, token=uuid4(), session=session)
    portal.web.move(shift + timedelta(seconds=5))

    assert (in_time.status, too_late.status) == (ACCEPTED, REFUSED)
    assert health["clock"] == "yellow"
    assert json.loads(portal.get("/readyz"))["components"]["clock"] == "green"


def test_worker_stopped_between_form_and_database_loses_nobody_the_deadline(
    portal: Portal, court: Scene, session: str
) -> None:
    """The form was here; then the process stood still for three seconds, over the end."""
    proposal = court.sent()
    end = end_of(court)
    move_to(portal, end - timedelta(seconds=2))

    with ThreadPoolExecutor(1) as pool:
        with holding("LOCK TABLE django_session IN ACCESS EXCLUSIVE MODE"):
            sending = pool.submit(portal.submit, proposal.pk, token=uuid4(), session=session)
            wait_until(lambda: waiting_for_locks() == 1)
            portal.signal_workers(signal.SIGSTOP)
        time.sleep(3)
        assert database_now() > end
        portal.signal_workers(signal.SIGCONT)
        answer = sending.result(timeout=30)

    assert answer.status == ACCEPTED
    assert Submission.objects.get(proposal=proposal).received_at < end


def test_round_held_for_five_seconds_over_the_end(
    portal: Portal, court: Scene, session: str
) -> None:
    """Longer than any other statement may wait: a send is not sent away to come back too late."""
    proposal = court.sent()
    end = end_of(court)
    move_to(portal, end - timedelta(seconds=2))

    with ThreadPoolExecutor(1) as pool:
        with holding("SELECT id FROM competitions_round FOR UPDATE"):
            sending = pool.submit(portal.submit, proposal.pk, token=uuid4(), session=session)
            wait_until(lambda: waiting_for_locks() == 1)
            time.sleep(5.2)
        answer = sending.result(timeout=30)

    receipt = Submission.objects.get(proposal=proposal)
    assert answer.status == ACCEPTED
    assert receipt.received_at < end < receipt.judged_at


def waiting_for_locks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return int(cursor.fetchone()[0])


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture
def _ends_come_back(court: Scene) -> Iterator[None]:
    rounds, grants = list(Round.objects.all()), list(Extension.objects.all())
    yield
    Round.objects.bulk_update(rounds, ["ends_at"])
    Extension.objects.bulk_update(grants, ["old_ends_at", "new_ends_at"])


def test_round_extended_while_a_send_waits(portal: Portal, court: Scene, session: str) -> None:
    """It came after the old end; whoever extends holds the round, and the new end counts."""
    proposal, unit = court.sent(), court.clinic
    end = end_of(court)
    move_to(portal, end + timedelta(seconds=1))

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            extend_round(
                Round.objects.get(pk=court.endorsement.pk),
                by=court.chair,
                at=end,
                new_ends_at=end + HOUR,
                reason="Gangguan",
                letter_number="1",
                unit=unit,
            )
            sending = pool.submit(portal.submit, proposal.pk, token=uuid4(), session=session)
            wait_until(lambda: waiting_for_locks() == 1)
        answer = sending.result(timeout=30)

    assert answer.status == ACCEPTED
    assert end < Submission.objects.get(proposal=proposal).received_at < end + HOUR


@pytest.mark.usefixtures("_ends_come_back")
def test_round_closed_early_while_a_send_waits(portal: Portal, court: Scene, session: str) -> None:
    """It came before the old end; who closes early holds the rounds, and the new end counts."""
    proposal = court.sent()
    moved = make.NOON + make.DAY
    move_to(portal, moved + HOUR)

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            list(Round.objects.select_for_update())
            Round.objects.update(ends_at=moved)
            Extension.objects.update(old_ends_at=moved - HOUR, new_ends_at=moved)
            sending = pool.submit(portal.submit, proposal.pk, token=uuid4(), session=session)
            wait_until(lambda: waiting_for_locks() == 1)
        answer = sending.result(timeout=30)

    assert answer.status == REFUSED
    assert Proposal.objects.get(pk=proposal.pk).status == "awaiting"
    assert not Submission.objects.filter(proposal=proposal).exists()


def test_killed_workers_lose_no_receipt_and_leave_no_half(
    portal: Portal, court: Scene, session: str
) -> None:
    """Every second person sends the same form again until there is an answer; the others go."""
    move_to(portal, make.NOON)
    tokens = {court.sent().pk: uuid4() for _ in range(24)}
    insisting = set(list(tokens)[::2])
    answered: list[int] = []

    def send(pk: int) -> bool:
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up:
            answer = portal.submit(pk, token=tokens[pk], session=session)
            answered.append(answer.status)
            if answer.status == ACCEPTED or pk not in insisting:
                return answer.status == ACCEPTED
            time.sleep(0.05)
        return False

    def kill() -> int:
        """In the middle of the work, and only as often as that goes on in between."""
        give_up, killed = time.monotonic() + PATIENCE, 0
        while killed < KILLS and time.monotonic() < give_up:
            if answered.count(ACCEPTED) >= 2 * killed and (workers := portal.workers()):
                os.kill(workers[0], signal.SIGKILL)
                killed += 1
            time.sleep(0.02)
        return killed

    with ThreadPoolExecutor(1) as killer, ThreadPoolExecutor(6) as senders:
        killing = killer.submit(kill)
        told = dict(zip(tokens, senders.map(send, tokens), strict=True))

    stored = {row.proposal_id: row.token for row in Submission.objects.filter(proposal__in=tokens)}
    received = set(Proposal.objects.filter(pk__in=tokens, status="submitted").values_list("pk"))
    acknowledged = {pk for pk, is_received in told.items() if is_received}
    assert killing.result() == KILLS
    assert insisting <= acknowledged <= stored.keys()
    assert {pk for (pk,) in received} == stored.keys()
    assert stored.items() <= tokens.items()
