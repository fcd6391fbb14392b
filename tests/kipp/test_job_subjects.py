"""What a job was asked for may be gone before anybody works on it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Job
from accounts.services import ask_job
from accounts.working import run_jobs
from judging import services as judging
from kipp.jobs import KINDS
from tests import make

pytestmark = pytest.mark.django_db


def test_job_of_a_stage_that_was_removed_ends_with_a_sentence() -> None:
    competition = make.competition(status="draft")
    chair = make.user("Ketua")
    make.seat(chair, competition, role="chair")
    stage = make.stage(competition)
    asked = {"stage": stage.pk, "readings": 1, "seed": 1, "is_free": False}
    job = ask_job("draft", asked, about=stage.name, by=chair, at=timezone.now())
    judging.remove_stage(stage, by=chair, at=timezone.now(), version=stage.version)
    client = Client()
    client.force_login(chair)

    waiting = client.get(reverse("job", args=[job.pk]))
    run_jobs(KINDS, clock=timezone.now)
    over = client.get(reverse("job", args=[job.pk]))

    assert (waiting.status_code, over.status_code) == (200, 200)
    assert Job.objects.get().status == "failed"
    assert "What this was asked for is no longer there." in over.content.decode()
    facts = {"status": "done", "sha256": "0" * 64, "error": "", "finished_at": timezone.now()}
    Job.objects.update(**facts)
    assert client.get(reverse("job-file", args=[job.pk])).status_code == 403
