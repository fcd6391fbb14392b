from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from kipp.lib.files import open_file
from kipp.lib.zips import MANIFEST
from proposals import services
from proposals.models import ScreeningNotice, Submission
from proposals.queries.outcome import outcome_of
from tests import make
from tests.finishing import finish_jobs
from tests.proposals.scene import Scene
from tests.proposals.test_endorsing import refusal

SLUG = "kipp-2020"


def decide(scene: Scene, verdict: str, *reasons: str, title: str = "") -> Submission:
    submission = scene.submitted(title)
    services.screen_submission(
        submission, verdict=verdict, reasons=reasons, by=scene.organizer, at=make.NOON
    )
    return submission


def announce(scene: Scene, number: str = "B/1/2026") -> ScreeningNotice:
    return services.announce_screening(
        scene.competition, number=number, signer="Dra. Ketua", by=scene.chair, at=make.NOON
    )


def page(person: User | None, name: str, *arguments: object) -> tuple[int, bytes]:
    client = Client()
    if person:
        client.force_login(person)
    answer = client.get(reverse(f"proposals:{name}", args=arguments))
    return answer.status_code, answer.content


def test_outcome_counts_verdicts_reasons_and_articles(scene: Scene) -> None:
    make.rule(scene.track, "unique_title", article="Pasal 9")
    decide(scene, "passed", title="A")
    decide(scene, "failed", "careless", "incomplete", title="B")
    decide(scene, "failed", "careless", title="C")
    scene.submitted("D")

    outcome = outcome_of(scene.competition)

    assert (outcome.waiting, outcome.passed, outcome.failed) == (1, 1, 2)
    assert outcome.reasons == (
        ("Answers are fillers", 2),
        ("A section is empty or incomplete", 1),
    )
    assert outcome.findings == ()


def test_page_has_chart_and_table_in_as_many_queries_for_one_as_for_three(scene: Scene) -> None:
    client = Client()
    client.force_login(scene.organizer)
    address = reverse("proposals:screening-outcome", args=[SLUG])

    def count() -> int:
        with CaptureQueriesContext(connection) as counted:
            assert client.get(address).status_code == 200
        return len(counted)

    decide(scene, "failed", "careless")
    one = count()
    decide(scene, "failed", "incomplete")
    decide(scene, "passed")

    assert count() == one
    shown = client.get(address).content.decode()
    assert '<th scope="row">Answers are fillers</th>' in shown


def test_announcement_stands_as_it_was(scene: Scene) -> None:
    passed = decide(scene, "passed", title="Kopi Tubruk")
    decide(scene, "failed", "careless", title="Rahasia")

    announce(scene)
    services.reopen_screening(passed.proposal, reason="Keliru", by=scene.chair, at=make.NOON)
    status, content = page(None, "screening-notice", SLUG)
    shown = content.decode()

    assert status == 200
    assert ("Kopi Tubruk" in shown, "B/1/2026" in shown, "Rahasia" in shown) == (True, True, False)
    assert "1 proposal passed." in shown
    public = Client().get(reverse("competitions:competition-page", args=[SLUG]))
    assert f'href="/kompetisi/{SLUG}/lolos-seleksi/"' in public.content.decode()


def test_announcement_waits_for_the_last_decision_and_its_number_is_new(scene: Scene) -> None:
    assert refusal(lambda: announce(scene)) == "undecided"
    submission = scene.submitted()
    assert refusal(lambda: announce(scene)) == "undecided"
    services.screen_submission(submission, verdict="passed", by=scene.organizer, at=make.NOON)
    announce(scene)

    with pytest.raises(ValidationError):
        announce(scene)
    announce(scene, "B/2/2026")

    assert ScreeningNotice.objects.count() == 2


def test_before_the_announcement_nobody_sees_a_list(scene: Scene) -> None:
    decide(scene, "passed")

    assert page(None, "screening-notice", SLUG)[0] == 404


def test_auditor_reads_and_announces_nothing(scene: Scene) -> None:
    decide(scene, "passed")
    client = Client()
    client.force_login(scene.auditor)
    address = reverse("proposals:screening-outcome", args=[SLUG])

    assert client.get(address).status_code == 200
    assert client.post(address, {"number": "1", "signer": "x"}).status_code == 403
    client.force_login(scene.chair)
    bare = client.post(address, {"number": "", "signer": "Dra. Ketua"})
    assert (bare.status_code, b"Dra. Ketua" in bare.content) == (422, True)
    assert client.post(address, {"number": "1", "signer": "Ketua"}).status_code == 302


def test_letters_in_bulk_and_the_units_own(scene: Scene) -> None:
    passed = decide(scene, "passed", title="Kopi Tubruk")
    failed = decide(scene, "failed", "careless", title="Jambu")
    announce(scene)

    client = Client()
    client.force_login(scene.organizer)
    client.post(reverse("proposals:decision-letters", args=[SLUG]))
    (job,) = finish_jobs()
    own_status, own = page(scene.author, "decision-letter", failed.proposal_id)

    assert (job.status, own_status) == ("done", 200)
    with open_file(job.sha256) as content, ZipFile(content) as archive:
        names = [f"{passed.receipt}.pdf", f"{failed.receipt}.pdf", MANIFEST]
        assert archive.namelist() == names
        assert archive.read(f"{failed.receipt}.pdf") == own
    assert len(pikepdf.open(BytesIO(own)).pages) == 1
    assert page(make.user(), "decision-letter", failed.proposal_id)[0] == 404


def test_there_is_no_letter_before_the_decision(scene: Scene) -> None:
    waiting = scene.submitted()

    assert page(scene.author, "decision-letter", waiting.proposal_id)[0] == 404
