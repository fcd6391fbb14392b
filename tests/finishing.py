"""What a worker would do now, inside the test's own transaction: without the thread beside it."""

from __future__ import annotations

from django.utils import timezone

from accounts.models import Job
from accounts.working import carry_out, take_job
from kipp.jobs import KINDS


def finish_jobs() -> list[Job]:
    """Every job that waits, as it stands afterwards."""
    done = []
    while run := take_job(at=timezone.now()):
        carry_out(run, KINDS[run.job.kind], clock=timezone.now)
        done.append(Job.objects.get(pk=run.job.pk))
    return done
