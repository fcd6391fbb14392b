"""What the scheduler ticks: each reads the clock, calls a service and returns a count."""

from __future__ import annotations

from datetime import time

from celery import shared_task
from django.utils import timezone

from accounts.delivery import deliver_due
from accounts.heartbeat import beat
from accounts.working import run_jobs
from judging.services import remind_of_objections, unveil_due
from kipp.janitor import sweep_files
from kipp.jobs import KINDS
from kipp.nights import once_a_night
from kipp.reminding import queue_due_reminders, wanted_among
from kipp.retention import apply_retention
from proposals.queries.deadlines import database_now
from proposals.services.escalating import escalate_silence
from proposals.services.standing import submit_authorised, warn_authorised
from proposals.services.watching import check_videos


@shared_task
def sweep_outbox() -> int:
    return deliver_due(clock=timezone.now, wanted_among=wanted_among)


@shared_task
def sweep_reminders() -> int:
    return queue_due_reminders(at=timezone.now())


@shared_task
def sweep_silence() -> int:
    return escalate_silence(at=timezone.now())


@shared_task
def sweep_authorised() -> int:
    """By the database's clock, as everything that a deadline decides."""
    return submit_authorised(clock=database_now)


@shared_task
def sweep_warnings() -> int:
    return warn_authorised(at=timezone.now())


@shared_task
def sweep_embargoes() -> int:
    return unveil_due(at=timezone.now())


@shared_task(soft_time_limit=1740, time_limit=1800)
def make_jobs() -> int:
    """On the queue of slow work. A job that took longer goes on in the next worker's hands."""
    return run_jobs(KINDS, clock=timezone.now)


@shared_task
def sweep_objections() -> int:
    return remind_of_objections(at=timezone.now())


@shared_task
def beat_heart() -> int:
    beat("worker", at=timezone.now())
    return 1


@shared_task
def sweep_storage() -> int:
    return once_a_night("storage", sweep_files, hour=time(2, 10), at=timezone.now())


@shared_task
def make_video_checks() -> int:
    """On the queue of slow work: a mail never waits for somebody else's server."""
    return check_videos(clock=timezone.now)


@shared_task
def sweep_retention() -> int:
    return once_a_night("retention", apply_retention, hour=time(2, 40), at=timezone.now())
