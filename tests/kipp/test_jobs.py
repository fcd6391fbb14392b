"""A job's page: its owner's alone, how far it is without a script, the file and its end."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import KEPT, Job, User
from accounts.services import ask_job
from accounts.working import take_job
from competitions.models import Competition
from kipp.celery import app
from kipp.janitor import stored_files
from kipp.jobs import KINDS
from kipp.lib.files import store_file
from kipp.retention import apply_retention
from tests import make
from tests.clients import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return make.user("Panitia")


@pytest.fixture
def competition(owner: User) -> Competition:
    made = make.competition()
    make.seat(owner, made)
    return made


@pytest.fixture
def job(owner: User, competition: Competition) -> Job:
    subject = {"competition": competition.pk}
    return ask_job("letters", subject, about=competition.name, by=owner, at=timezone.now())


def finish(job: Job) -> Job:
    """With a small file, whatever its kind would have made."""
    run = take_job(at=timezone.now())
    assert run is not None
    row = Job.objects.filter(pk=job.pk)
    file = store_file(BytesIO(b"surat"))
    facts = {"sha256": file.sha256, "size": file.size, "file_name": "surat keputusan.zip"}
    now = timezone.now()
    row.update(status="done", finished_at=now, media_type="application/zip", **facts)
    return row.get()


def test_page_tells_how_far_it_is_without_a_script_and_stops_asking_at_the_end(
    owner: User, job: Job
) -> None:
    client, page = signed_in(owner), reverse("job", args=[job.pk])

    waiting = client.get(page).content.decode()
    take_job(at=timezone.now())
    Job.objects.update(done=7, total=30)
    running = client.get(page).content.decode()
    client.post(reverse("job-cancel", args=[job.pk]))
    stopping = client.get(page).content.decode()
    Job.objects.update(status="failed", finished_at=timezone.now(), error="Rusak.")
    over = client.get(page).content.decode()

    refresh = '<noscript><meta http-equiv="refresh" content="3"></noscript>'
    assert "Waits for its turn" in waiting
    assert [refresh in each for each in (waiting, running, over)] == [True, True, False]
    assert '<progress id="progress" value="7" max="30">7 of 30</progress>' in running
    assert ["Cancel the job" in each for each in (running, stopping)] == [True, False]
    assert ("Rusak." in over, "data-live" in over) == (True, False)


def test_file_is_the_owners_for_a_week_and_then_gone(owner: User, job: Job) -> None:
    made = finish(job)
    client, file = signed_in(owner), reverse("job-file", args=[job.pk])

    fetched = client.get(file)
    stranger = signed_in(make.user()).get(file)
    Job.objects.update(finished_at=timezone.now() - KEPT)
    late = client.get(file)
    told = client.get(reverse("job", args=[job.pk])).content.decode()
    before = made.sha256 in stored_files()
    apply_retention(at=timezone.now() + timedelta(minutes=1))

    assert fetched.getvalue() == b"surat"
    assert fetched.headers["Content-Disposition"] == 'attachment; filename="surat keputusan.zip"'
    assert fetched.headers["Cache-Control"] == "private, no-store"
    assert (stranger.status_code, late.status_code) == (404, 404)
    assert "Have it made again" in told
    assert (before, made.sha256 in stored_files()) == (True, False)


def test_who_lost_the_seat_gets_neither_file_nor_work(owner: User, job: Job) -> None:
    finish(job)
    owner.committee_seats.all().delete()

    assert signed_in(owner).get(reverse("job-file", args=[job.pk])).status_code == 403
    page = signed_in(owner).get(reverse("job", args=[job.pk])).content.decode()
    assert "cannot be fetched any more" in page
    assert reverse("job-file", args=[job.pk]) not in page
    assert not KINDS[job.kind].may(owner, job)


def test_list_has_own_jobs_only_in_as_many_queries_for_one_as_for_thirty(
    owner: User, job: Job
) -> None:
    client, page = signed_in(owner), reverse("job-list")

    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(page)
        return len(asked)

    one = count()
    for number in range(29):
        ask_job("letters", {"competition": number}, about="Lain", by=owner, at=timezone.now())
    ask_job("letters", {"competition": 1}, about="Rahasia", by=make.user(), at=timezone.now())

    assert count() == one <= 12
    shown = client.get(page).content.decode()
    assert [shown.count(each) for each in ("Lain</td>", "Rahasia")] == [25, 0]


def test_jobs_are_for_the_queue_of_slow_work() -> None:
    assert app.amqp.router.route({}, "kipp.tasks.make_jobs")["queue"].name == "heavy"
