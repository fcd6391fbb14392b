"""A worker is killed in the middle of a job: the next one ends it, and the file is whole."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Callable

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import Job, JobPart
from accounts.services import ask_job
from judging.jobs import CERTIFICATES
from judging.models import Award, Publication
from kipp.lib.files import open_file
from tests import make
from tests.background.test_delivery_kills import start_process
from tests.judging.field import City, published

AWARDS = 12
LIMIT_SECONDS = 120


@pytest.mark.django_db(transaction=True)
def test_killed_worker_is_followed_by_one_that_ends_the_job() -> None:
    made, publication = published(entries=1)
    give_awards(made, publication)
    subject = {"publication": publication.pk}
    job = ask_job(CERTIFICATES, subject, about="Uji", by=made.chair, at=timezone.now())

    killed = start_process(WORKER, MEDIA_ROOT=str(settings.MEDIA_ROOT))
    wait_until(lambda: JobPart.objects.count() > 2)
    killed.kill()
    killed.wait()
    kept = JobPart.objects.count()
    job.refresh_from_db()
    left = job.status
    follower = start_process(WORKER, MEDIA_ROOT=str(settings.MEDIA_ROOT))
    wait_until(lambda: not Job.objects.open().exists())
    follower.kill()
    follower.wait()

    job.refresh_from_db()
    assert (left, kept < AWARDS) == ("running", True)
    assert (job.status, job.done, job.total, job.attempts) == ("done", AWARDS, AWARDS, 2)
    assert JobPart.objects.count() == 0
    with open_file(job.sha256) as content, zipfile.ZipFile(content) as archive:
        assert archive.testzip() is None
        assert [name[:3] for name in archive.namelist()[:-1]] == [
            f"{place:03}" for place in range(1, AWARDS + 1)
        ]


def give_awards(made: City, publication: Publication) -> None:
    """As many as keep a worker busy until it is killed."""
    (first,) = publication.awards.all()
    track = made.competition.tracks.get()
    for place in range(2, AWARDS + 1):
        sent = make.submission(made.agencies[0], track, f"Inovasi {place}")
        first.pk, first.proposal, first.place = None, sent.proposal, place
        first.title, first.code = sent.proposal.title, f"KODE-{place:04}"
        Award.objects.bulk_create([first])


def wait_until(is_so: Callable[[], bool]) -> None:
    """For what another process does."""
    begun = time.monotonic()
    while not is_so():
        assert time.monotonic() - begun < LIMIT_SECONDS
        time.sleep(0.02)


# Leases run out after a moment, and each file is a part: the test need not wait, nor make many.
WORKER = """
import time
from datetime import timedelta
import django
django.setup()
from django.utils import timezone
from accounts import archiving, working
from kipp.jobs import KINDS
working.LEASE = timedelta(seconds=3)
working.PULSE = 0.5
archiving.PART = 1

while True:
    working.run_jobs(KINDS, clock=timezone.now)
    time.sleep(0.05)
"""
