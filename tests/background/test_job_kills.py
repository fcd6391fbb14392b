"""Workers are killed in the middle of jobs: the next one ends them, and the files are whole."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Callable

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import override

from accounts.models import Job, JobPart
from accounts.services import ask_job
from judging.jobs import CERTIFICATES
from judging.models import Award, Publication
from kipp.lib.files import open_file
from proposals.exports import board_file
from proposals.jobs import BOARD
from proposals.queries.board import board_of, every_row
from tests import make
from tests.background.test_delivery_kills import start_process
from tests.judging.field import City, published

AWARDS = 12
LIMIT_SECONDS = 120


@pytest.mark.django_db(transaction=True)
def test_killed_workers_are_followed_by_one_that_ends_every_job() -> None:
    """An archive dies between two of its parts, a list when only its end was not yet written."""
    made, publication = published(entries=1)
    give_awards(made, publication)
    archive = ask(CERTIFICATES, made, publication=publication.pk)
    kill_worker_once(lambda: JobPart.objects.count() > 2)
    kept = JobPart.objects.count()
    listed = ask(BOARD, made, competition=made.competition.pk, form="csv")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE accounts_jobpart")  # what the end of a job asks for last
        kill_worker_once(somebody_waits)
    left = list(Job.objects.values_list("status", flat=True))
    kill_worker_once(lambda: not Job.objects.open().exists())

    archive.refresh_from_db()
    listed.refresh_from_db()
    assert (left, kept < AWARDS) == (["running", "running"], True)
    assert (archive.status, archive.done, archive.total) == ("done", AWARDS, AWARDS)
    assert [archive.attempts, listed.attempts] == [2, 2]
    assert JobPart.objects.count() == 0
    with open_file(archive.sha256) as content, zipfile.ZipFile(content) as packed:
        assert packed.testzip() is None
        assert [name[:3] for name in packed.namelist()[:-1]] == [
            f"{place:03}" for place in range(1, AWARDS + 1)
        ]
    with open_file(listed.sha256) as content:
        assert content.read() == board_of_all(listed, made)


def ask(kind: str, made: City, **subject: str | int) -> Job:
    """In English: the worker's process reads the catalogue if there is one, and we do not."""
    made.chair.language = "en"
    made.chair.save()
    return ask_job(kind, subject, about="Uji", by=made.chair, at=timezone.now())


def kill_worker_once(is_so: Callable[[], bool]) -> None:
    worker = start_process(WORKER, MEDIA_ROOT=str(settings.MEDIA_ROOT))
    wait_until(is_so)
    worker.kill()
    worker.wait()


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
            " WHERE d.datname = current_database() AND NOT l.granted"
        )
        return cursor.fetchone() is not None


def board_of_all(job: Job, made: City) -> bytes:
    proposals = board_of(made.competition, chosen={})
    with override(job.owner.language):
        rows = every_row(proposals, at=job.asked_at)
        return b"".join(board_file(rows, form="csv", zone=made.competition.time_zone))


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
