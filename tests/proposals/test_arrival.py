"""What counts is when the whole form was here, however long everything after it takes."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import cast
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from competitions.models import EligibilityRule, Round
from competitions.requests import AuthedRequest
from kipp.middleware import SMALL_FORM, note_arrival
from proposals.models import Proposal, Submission
from proposals.queries.deadlines import database_now
from proposals.views.arrival import received_at
from tests import make
from tests.proposals.scene import Scene

TENTH = timedelta(seconds=0.1)
# Session, person, the instant with the right to send; the locks with all that is read under them;
# the verdict, the status, the fingerprint; the receipts' lock, receipt and mails; the trail's lock
# and the entry. A message with several statements counts as one; BEGIN and COMMIT do not, nor does
# the clock where a busy machine answered so late that it is asked once more.
MESSAGES = 12
BESIDE = ("SAVEPOINT", "RELEASE", "SELECT clock_timestamp()")


def arrive(size: int) -> AuthedRequest:
    """As a view sees it."""
    seen: list[HttpRequest] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(request)
        return HttpResponse()

    form = "application/x-www-form-urlencoded"
    note_arrival(view)(RequestFactory().post("/", b"x" * size, content_type=form))
    return cast("AuthedRequest", seen[0])


@pytest.mark.django_db
def test_waiting_after_the_arrival_does_not_count() -> None:
    request = arrive(SMALL_FORM)
    at = database_now()
    time.sleep(0.3)

    found = received_at(request)

    assert abs(found - at) < TENTH


@pytest.mark.django_db
def test_a_big_form_counts_from_where_it_was_read() -> None:
    request = arrive(SMALL_FORM + 1)
    time.sleep(0.3)

    assert abs(received_at(request) - database_now()) < TENTH


def opened(scene: Scene) -> Proposal:
    now = timezone.now()
    Round.objects.update(starts_at=now - make.DAY, ends_at=now + make.DAY)
    return scene.sent(at=now)


def test_final_form_is_tiny_and_holds_no_file(scene: Scene) -> None:
    proposal = opened(scene)
    client = Client()
    client.force_login(scene.endorser)

    page = client.get(reverse("proposals:endorsement-page", args=[proposal.pk])).content.decode()

    start = page.index(f'action="{reverse("proposals:endorsement-submit", args=[proposal.pk])}"')
    form = page[start : page.index("</form>", start)]
    assert len(form) < SMALL_FORM
    assert [word for word in ('type="file"', "<textarea", "multipart") if word in form] == []


@pytest.mark.parametrize(
    ("role", "name"),
    [
        ("endorser", "endorsement-submit"),
        ("endorser", "endorsement-pile"),
        ("author", "proposal-send"),
        ("author", "proposal-resubmit"),
    ],
)
def test_send_that_carries_more_is_refused_with_a_sentence(
    scene: Scene, role: str, name: str
) -> None:
    proposal = opened(scene)
    status = Proposal.objects.get().status
    client = Client()
    client.force_login(getattr(scene, role))
    place = [] if name == "endorsement-pile" else [proposal.pk]
    form = {"token": str(uuid4()), "statement": "on", "note": "x" * SMALL_FORM}

    page = client.post(reverse(f"proposals:{name}", args=place), form)

    assert page.status_code == 422
    assert "A send carries no texts and no files." in page.content.decode()
    assert (Submission.objects.count(), Proposal.objects.get().status) == (0, status)


def test_final_send_asks_the_database_little(scene: Scene) -> None:
    """Also under rules that look at other proposals, as the presets have them."""
    for kind in ("unit_quota", "quota", "unique_title", "video"):
        EligibilityRule.objects.create(track=scene.track, kind=kind, limit=9, severity="warns")
    client = Client()
    client.force_login(scene.endorser)
    for proposal in (opened(scene), opened(scene)):
        form = {"token": str(uuid4()), "statement": "on"}
        with CaptureQueriesContext(connection) as captured:
            client.post(reverse("proposals:endorsement-submit", args=[proposal.pk]), form)

    asked = [each["sql"] for each in captured if not each["sql"].startswith(BESIDE)]
    assert Submission.objects.count() == 2
    assert len(asked) == MESSAGES, "\n".join(asked)
    # Under the receipts' lock nothing is read but the place: then everything is written.
    place = next(n for n, sql in enumerate(asked) if "pg_advisory_xact_lock" in sql)
    assert [sql.split('"')[1] for sql in asked[place + 1 :] if sql.startswith("INSERT")] == [
        "proposals_submission",
        "accounts_message",
        "accounts_auditentry",
    ]
    assert len(asked) - place == 5
