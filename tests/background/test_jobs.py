"""Long work: done once, whoever asks and whoever dies; called off, over, and only its owner's."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import datetime, timedelta
from io import BytesIO
from threading import Barrier, Event
from typing import TypeVar

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import archiving, working
from accounts.archiving import as_result, counted, make_archive
from accounts.invariants import forgotten_jobs
from accounts.models import Job, JobPart, Message, Unit, User
from accounts.services import ask_job, cancel_job
from accounts.working import (
    LEASE,
    MAX_ATTEMPTS,
    Kind,
    Result,
    Run,
    carry_out,
    close_lost,
    run_jobs,
    take_job,
)
from kipp.janitor import stored_files
from kipp.lib.files import open_file, store_file
from kipp.lib.zips import MANIFEST, Entry
from tests import make

T = TypeVar("T")
NOON = make.NOON
LATER = NOON + LEASE + timedelta(seconds=1)
KEYS = range(5)


def kind(work: Callable[[Run], Result], *, is_whole: bool = False, may: bool = True) -> Kind:
    return Kind(
        label="Kerja",
        work=work,
        may=lambda _user, _job: may,
        page=lambda _job: "/",
        is_whole=is_whole,
    )


def asked(owner: User | None = None, *, number: int = 1) -> Job:
    return ask_job("work", {"of": number}, about="Uji", by=owner or make.user(), at=NOON)


def taken(at: datetime = NOON) -> Run:
    run = take_job(at=at)
    assert run is not None
    return run


def now() -> datetime:
    return NOON


def give_file(_run: Run) -> Result:
    file = store_file(BytesIO(b"isi"))
    return Result(file=file, name="isi.txt", media_type="text/plain", outcome={"lines": 1})


def pack(run: Run, *, made: list[int], dies_at: int | None = None) -> Result:
    """An archive of five small files; the worker is lost before the one at `dies_at`."""

    def make_files(keys: Sequence[int]) -> Iterator[Entry]:
        for key in keys:
            if key == dies_at:
                raise ConnectionResetError
            made.append(key)
            yield f"{key}.txt", [str(key).encode()]

    return make_archive(run, list_keys=lambda: KEYS, make=make_files, name="a.zip", at=NOON)


@pytest.mark.django_db
def test_asking_again_while_it_is_made_gives_the_same_job_and_afterwards_another() -> None:
    owner = make.user()
    first = asked(owner)

    assert asked(owner) == first
    assert asked(owner, number=2) != first
    assert asked() != first
    carry_out(taken(), kind(give_file), clock=now)
    assert asked(owner) != first


@pytest.mark.django_db
def test_result_is_kept_with_its_file_and_the_janitor_knows_it() -> None:
    job = asked()

    ended = carry_out(taken(), kind(give_file), clock=now)

    job.refresh_from_db()
    assert (ended, job.status, job.done, job.total) == (True, "done", 1, 1)
    assert (job.file_name, job.size, job.outcome) == ("isi.txt", 3, {"lines": 1})
    with open_file(job.sha256) as content:
        assert content.read() == b"isi"
    assert job.sha256 in stored_files()
    assert take_job(at=LATER) is None


@pytest.mark.django_db
def test_refusal_is_a_sentence_and_who_may_no_longer_gets_nothing() -> None:
    def refuse(_run: Run) -> Result:
        raise ValidationError("Tidak bisa.")

    for work in (kind(refuse), kind(give_file, may=False)):
        asked()
        carry_out(taken(), work, clock=now)

    assert list(Job.objects.order_by("pk").values_list("status", "error", "sha256")) == [
        ("failed", "Tidak bisa.", ""),
        ("failed", "You may not have this made any more.", ""),
    ]


@pytest.mark.django_db
def test_waiting_job_is_called_off_at_once_and_a_running_one_at_its_next_step() -> None:
    running, waiting = asked(), asked(number=2)
    run = taken()

    cancel_job(running, at=NOON)
    cancel_job(waiting, at=NOON)
    run.stopped.set()  # as the thread beside the work does when the row says so
    carry_out(run, kind(lambda run: pack(run, made=[])), clock=now)

    assert run.job == running
    running.refresh_from_db()
    waiting.refresh_from_db()
    assert (running.status, waiting.status) == ("cancelled", "cancelled")
    assert JobPart.objects.count() == 0


@pytest.mark.django_db
def test_work_that_was_called_off_while_its_end_was_written_has_no_result() -> None:
    job, run = asked(), taken()
    cancel_job(job, at=NOON)

    carry_out(run, kind(give_file), clock=now)
    cancel_job(job, at=LATER)

    job.refresh_from_db()
    assert (job.status, job.sha256, job.cancel_asked_at) == ("cancelled", "", NOON)


@pytest.mark.django_db
def test_next_worker_goes_on_after_the_parts_that_were_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(archiving, "PART", 2)
    job, made = asked(), list[int]()

    with pytest.raises(ConnectionResetError):
        carry_out(taken(), kind(lambda run: pack(run, made=made, dies_at=3)), clock=now)
    lost = take_job(at=NOON)
    kept = set(JobPart.objects.values_list("sha256", flat=True))
    carry_out(taken(LATER), kind(lambda run: pack(run, made=made)), clock=now)

    job.refresh_from_db()
    assert lost is None
    assert len(kept) == 1
    assert (job.status, job.done, job.total, job.attempts) == ("done", 5, 5, 2)
    assert made == [0, 1, 2, 2, 3, 4]
    with open_file(job.sha256) as content, zipfile.ZipFile(content) as archive:
        assert archive.namelist() == [*(f"{key}.txt" for key in KEYS), MANIFEST]
        assert archive.read("3.txt") == b"3"
    assert JobPart.objects.count() == 0


@pytest.mark.django_db
def test_worker_that_wakes_up_too_late_writes_nothing() -> None:
    job, slow, made = asked(), taken(), list[int]()
    quick = taken(LATER)

    carry_out(quick, kind(give_file), clock=now)
    carry_out(slow, kind(lambda run: pack(run, made=made)), clock=now)

    job.refresh_from_db()
    assert (job.status, job.file_name, JobPart.objects.count()) == ("done", "isi.txt", 0)


@pytest.mark.django_db
def test_job_that_no_worker_survives_fails_and_one_called_off_is_over() -> None:
    deadly, dropped = asked(), asked(number=2)
    for run in (taken(), taken()):
        JobPart.objects.create(job=run.job, number=0, sha256="0" * 64)
    Job.objects.filter(pk=deadly.pk).update(attempts=MAX_ATTEMPTS)
    Job.objects.filter(pk=dropped.pk).update(cancel_asked_at=NOON)

    close_lost(at=LATER)

    deadly.refresh_from_db()
    dropped.refresh_from_db()
    assert (deadly.status, dropped.status) == ("failed", "cancelled")
    assert "several times" in deadly.error
    assert list(forgotten_jobs(LATER)) == []
    assert take_job(at=LATER) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("seconds", "fails", "told"),
    [(59, False, 0), (60, False, 1), (59, True, 0), (60, True, 1)],
)
def test_owner_who_has_waited_for_a_minute_is_told_in_the_portal(
    seconds: int, told: int, *, fails: bool
) -> None:
    def work(run: Run) -> Result:
        if fails:
            raise ValidationError("Tidak bisa.")
        return give_file(run)

    job = asked()
    at = NOON + timedelta(seconds=seconds)
    carry_out(taken(), kind(work), clock=lambda: at)

    notices = list(Message.objects.all())
    assert [(each.recipient, each.channel, each.kind) for each in notices] == told * [
        (job.owner, "portal", "job_over")
    ]
    for notice in notices:
        assert reverse("job", args=[job.pk]) in notice.text
        assert ("Tidak bisa." in notice.text) is fails


@pytest.mark.django_db
def test_nobody_is_told_of_what_was_called_off() -> None:
    job, run = asked(), taken()
    cancel_job(job, at=NOON)

    carry_out(run, kind(give_file), clock=lambda: LATER + timedelta(hours=1))

    assert (Job.objects.get().status, Message.objects.count()) == ("cancelled", 0)


def write_list(run: Run, *, dies_at: int | None = None) -> Result:
    """A line for each of five rows; the worker is lost before the one at `dies_at`."""

    def lines() -> Iterator[bytes]:
        for row in counted(run, range(5), of=5):
            if row == dies_at:
                raise ConnectionResetError
            yield f"{row}\n".encode()

    return as_result(lines(), name="a.csv", media_type="text/csv")


@pytest.mark.django_db
def test_list_that_lost_its_worker_is_whole_and_one_called_off_leaves_nothing() -> None:
    lost, dropped = asked(), asked(number=2)
    first, second = taken(), taken()

    with pytest.raises(ConnectionResetError):
        carry_out(first, kind(lambda run: write_list(run, dies_at=3)), clock=now)
    cancel_job(dropped, at=NOON)
    second.stopped.set()  # as the thread beside the work does
    carry_out(second, kind(write_list), clock=now)
    between = stored_files()
    carry_out(taken(LATER), kind(write_list), clock=lambda: LATER)

    lost.refresh_from_db()
    dropped.refresh_from_db()
    assert (between, dropped.status, dropped.sha256) == (set(), "cancelled", "")
    assert (lost.status, lost.attempts, lost.done, lost.total) == ("done", 2, 5, 5)
    with open_file(lost.sha256) as content:
        assert content.read() == b"0\n1\n2\n3\n4\n"


@pytest.mark.django_db
def test_idle_sweep_costs_two_statements() -> None:
    asked()
    carry_out(taken(), kind(give_file), clock=now)

    with CaptureQueriesContext(connection) as asked_for:
        assert run_jobs({}, clock=now) == 0

    told = [each["sql"] for each in asked_for if "SAVEPOINT" not in each["sql"]]
    assert len(told) == 2


def in_thread(work: Callable[[], T]) -> T:
    try:
        return work()
    finally:
        connections.close_all()


def beside(work: Callable[[], T]) -> T:
    """In a transaction of its own, while this one is open."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(in_thread, work).result()


def cancel_beside(job: Job) -> None:
    beside(lambda: cancel_job(job, at=NOON))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_lost", [True, False])
def test_whole_work_leaves_nothing_when_it_is_broken_off(*, is_lost: bool) -> None:
    job = asked()

    def work(_run: Run) -> Result:
        make.unit("Dinas Baru")
        if is_lost:
            raise ConnectionResetError
        cancel_beside(job)
        return Result()

    with pytest.raises(ConnectionResetError) if is_lost else nullcontext():
        carry_out(taken(), kind(work, is_whole=True), clock=now)

    job.refresh_from_db()
    assert not Unit.objects.filter(name="Dinas Baru").exists()
    assert job.status == ("running" if is_lost else "cancelled")


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_do_each_job_once() -> None:
    owner, made = make.user(), list[int]()
    for number in range(6):
        asked(owner, number=number)
    start = Barrier(2)

    def note(run: Run) -> Result:
        made.append(run.job.subject["of"])
        return Result()

    def sweep() -> int:
        start.wait()
        return run_jobs({"work": kind(note)}, clock=now)

    with ThreadPoolExecutor(2) as pool:
        counts = [pool.submit(in_thread, sweep) for _worker in range(2)]

    assert sum(each.result() for each in counts) == 6
    assert sorted(made) == [0, 1, 2, 3, 4, 5]
    assert set(Job.objects.values_list("status", "attempts")) == {("done", 1)}


@pytest.mark.django_db(transaction=True)
def test_progress_shows_and_work_ends_while_its_transaction_is_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The thread beside the work, in earnest: the lease is renewed, the call to stop is heard."""
    monkeypatch.setattr(working, "PULSE", 0.02)
    job, seen = asked(), list[tuple[int, int]]()

    def work(run: Run) -> Result:
        make.unit("Dinas Baru")
        run.step(3, total=9)
        seen.append(beside(until_told))
        cancel_beside(job)
        assert run.stopped.wait(30)
        run.step(4, total=9)
        raise AssertionError("went on")

    def until_told() -> tuple[int, int]:
        while not (found := Job.objects.get(pk=job.pk)).total:
            Event().wait(0.01)
        return found.done, found.total

    run_jobs({"work": kind(work, is_whole=True)}, clock=now)

    job.refresh_from_db()
    assert (seen, job.status) == ([(3, 9)], "cancelled")
    assert not Unit.objects.filter(name="Dinas Baru").exists()
