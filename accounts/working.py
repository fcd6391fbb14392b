"""Do the long work that was asked for, whatever happens to the workers.

A worker leases one job, renews the lease from a thread of its own while it works, and writes the
end in one guarded UPDATE. Killed in between, the lease runs out and the next sweep hands the job
to another: it goes on after the parts that were kept, or begins anew with nothing half done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Protocol

import structlog
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from accounts.mail import promise, write_mail
from accounts.models import Job, JobPart, Message, User
from kipp.lib.files import StoredFile, hold_file

LEASE = timedelta(seconds=30)
# Seconds between two signs of life: what a page shows, and what was called off, is not older.
PULSE = 2.0
# Workers that were lost over one job before the job counts as what kills them.
MAX_ATTEMPTS = 5
# Who has waited for longer may have left the page of the job.
WATCHED = timedelta(minutes=1)
# After so long a sweep leaves what still waits to the next one.
TURN = timedelta(minutes=1)

BROKEN_OFF = gettext_noop(
    "The server broke this work off several times. Tell the help desk its number."
)
Status = Job.Status
Clock = Callable[[], datetime]
log = structlog.get_logger(__name__)


class Stopped(Exception):
    """Called off, or in another worker's hands by now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A stored file for the owner, or what the page needs that the kind leads to; or both."""

    file: StoredFile | None = None
    name: str = ""
    media_type: str = ""
    outcome: Mapping[str, object] = field(default_factory=dict)


class Tell(Protocol):
    """How far long work is."""

    def __call__(self, done: int, /, *, total: int) -> None: ...


def nobody(_done: int, /, *, total: int) -> None:
    """Of work that is over before anybody could ask."""


class Run:
    """One worker at one job."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.done, self.total = job.done, job.total
        self.stopped = Event()

    @property
    def row(self) -> QuerySet[Job]:
        """The row as long as it is this worker's and nobody called it off."""
        mine = Job.objects.filter(pk=self.job.pk, attempts=self.job.attempts)
        return mine.filter(status=Status.RUNNING, cancel_asked_at=None)

    def step(self, done: int, *, total: int) -> None:
        """Tell how far it is, as often as one likes. Here work ends that was called off."""
        self.done, self.total = done, total
        if self.stopped.is_set():
            raise Stopped


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """`may` is asked when the work begins and whenever its file is fetched; `page` is where one
    asks for it and sees what came of it. Both raise `ObjectDoesNotExist` when its subject is gone.
    `is_whole`: work and end are one transaction; otherwise the work commits its parts by itself
    and finds them again.
    """

    label: str | Promise
    work: Callable[[Run], Result]
    may: Callable[[User, Job], bool]
    page: Callable[[Job], str]
    is_whole: bool


Kinds = Mapping[str, Kind]


def run_jobs(kinds: Kinds, *, clock: Clock) -> int:
    """Do what is due, one job after the other; count the jobs that ended."""
    ended, begun = 0, clock()
    close_lost(at=begun)
    while clock() < begun + TURN:
        run = take_job(at=clock())
        if run is None:
            break
        with signs_of_life(run, clock=clock):
            ended += carry_out(run, kinds[run.job.kind], clock=clock)
    return ended


@transaction.atomic
def close_lost(*, at: datetime) -> None:
    """What was called off and lost its worker is over; so is what no worker survived."""
    is_over = Q(cancel_asked_at__isnull=False) | Q(attempts__gte=MAX_ATTEMPTS)
    left = Job.objects.due_at(at).filter(is_over, status=Status.RUNNING).select_related("owner")
    for job in left.select_for_update(skip_locked=True, of=("self",)):
        if job.cancel_asked_at:
            _close(Run(job), status=Status.CANCELLED, at=at)
            continue
        with override(job.owner.language):
            _close(Run(job), status=Status.FAILED, error=_(BROKEN_OFF), at=at)


@transaction.atomic
def take_job(*, at: datetime) -> Run | None:
    """Lease the next job. What lost a worker before comes after what was never tried."""
    rows = Job.objects.due_at(at).select_related("owner").order_by("attempts", "asked_at", "pk")
    job = rows.select_for_update(skip_locked=True, of=("self",)).first()
    if job is None:
        return None
    Job.objects.filter(pk=job.pk).update(
        status=Status.RUNNING, lease_until=at + LEASE, attempts=F("attempts") + 1
    )
    job.attempts += 1
    job.status = Status.RUNNING
    return Run(job)


def carry_out(run: Run, kind: Kind, *, clock: Clock) -> bool:
    """Do a leased job; whether this worker ended it. A fault ends the worker, not the job."""
    together = _one_transaction() if kind.is_whole else nullcontext()
    try:
        with override(run.job.owner.language), together:
            _require_right(run.job, kind)
            _finish(run, kind.work(run), at=clock())
    except ValidationError as error:
        return _close(run, status=Status.FAILED, error=error.messages[0], at=clock())
    except Stopped:
        return _give_up(run, at=clock())
    return True


def _require_right(job: Job, kind: Kind) -> None:
    try:
        is_right = kind.may(job.owner, job)
    except ObjectDoesNotExist as error:
        raise ValidationError(
            _("What this was asked for is no longer there."), code="gone"
        ) from error
    if not is_right:
        raise ValidationError(_("You may not have this made any more."), code="not_yours")


@contextmanager
def _one_transaction() -> Iterator[None]:
    """It may compute for longer between two statements than a web request may."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        yield


@contextmanager
def signs_of_life(run: Run, *, clock: Clock) -> Iterator[None]:
    """Renew the lease and tell the progress beside the work, whatever transaction that is in."""
    over = Event()
    thread = Thread(target=_beat, args=(run, over), kwargs={"clock": clock}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _beat(run: Run, over: Event, *, clock: Clock) -> None:
    """Without a sign of life another worker takes the job: then this one stops."""
    try:
        while not over.wait(PULSE):
            facts = {"done": run.done, "total": run.total, "lease_until": clock() + LEASE}
            if not run.row.update(**facts):
                run.stopped.set()
                return
    except DatabaseError:
        log.warning("job.pulse_lost", job=run.job.pk)
        run.stopped.set()
    finally:
        connection.close()


@transaction.atomic
def _finish(run: Run, result: Result, *, at: datetime) -> None:
    facts: dict[str, object] = {"outcome": dict(result.outcome)}
    if result.file:
        if not hold_file(result.file.sha256):
            raise Stopped  # a sweep took it this very moment: once more
        facts |= {"sha256": result.file.sha256, "size": result.file.size}
        facts |= {"file_name": result.name, "media_type": result.media_type}
    total = run.total or 1
    facts |= {"done": total, "total": total, "lease_until": None, "plan": None}
    if not run.row.update(status=Status.DONE, finished_at=at, **facts):
        raise Stopped
    JobPart.objects.filter(job=run.job).delete()
    _tell_owner(run.job, at=at)


@transaction.atomic
def _close(run: Run, *, status: str, error: str = "", at: datetime) -> bool:
    mine = Job.objects.filter(pk=run.job.pk, attempts=run.job.attempts, status=Status.RUNNING)
    facts = {"status": status, "error": error, "finished_at": at, "lease_until": None}
    if not mine.update(**facts, plan=None):
        return False
    JobPart.objects.filter(job=run.job).delete()
    if status == Status.FAILED:
        _tell_owner(run.job, at=at)
    return True


def _tell_owner(job: Job, *, at: datetime) -> None:
    """In the portal, for whoever does not look at the job's page any more. Nobody needs a mail."""
    if at - job.asked_at < WATCHED:
        return
    context = {"job": Job.objects.get(pk=job.pk)}
    notice = write_mail("job_over", job.owner, dedupe_key=f"job:{job.pk}", at=at, context=context)
    notice.channel = Message.Channel.PORTAL
    promise([notice])


def _give_up(run: Run, *, at: datetime) -> bool:
    """Of what was called off nothing stays; what another worker has is that worker's."""
    if run.row.exists():
        return False  # the database was away for a moment: the lease runs out, and it begins again
    return _close(run, status=Status.CANCELLED, at=at)
