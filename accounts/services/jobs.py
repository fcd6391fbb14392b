"""Long work is asked for and called off here; `accounts.working` does it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import Job, User

Subject = Mapping[str, str | int | bool | Mapping[str, int | None] | None]


def ask_job(
    kind: str,
    subject: Subject,
    *,
    about: str,
    by: User,
    at: datetime,
    edition: int | None = None,
) -> Job:
    """Who asks for the same again while it is being made gets the same job."""
    same = Job.objects.of(by).open().filter(kind=kind, subject=subject)
    if job := same.first():
        return job
    try:
        with transaction.atomic():
            return Job.objects.create(
                kind=kind,
                owner=by,
                edition=edition,
                subject=subject,
                about=about[:200],
                asked_at=at,
            )
    except IntegrityError:
        return same.get()


def cancel_job(job: Job, *, at: datetime) -> None:
    """What waits is over at once; a worker hears of it within seconds. Afterwards: too late."""
    mine = Job.objects.filter(pk=job.pk)
    if mine.filter(status=Job.Status.WAITING).update(
        status=Job.Status.CANCELLED, cancel_asked_at=at, finished_at=at
    ):
        return
    mine.filter(status=Job.Status.RUNNING, cancel_asked_at=None).update(cancel_asked_at=at)
