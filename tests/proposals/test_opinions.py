"""Two screeners: independent, agreeing or not, and at the very same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import Message, User
from competitions.models import CommitteeSeat, Competition
from proposals import services
from proposals.models import Opinion, Screening, Submission
from proposals.workflow import ProposalStatus
from tests import make
from tests.proposals.scene import Scene, city_scene
from tests.proposals.test_endorsing import refusal

DUE = make.NOON + 3 * make.DAY


@pytest.fixture
def second(scene: Scene) -> User:
    return seat_second(scene)


def seat_second(scene: Scene) -> User:
    person = make.user("Second")
    make.seat(person, scene.competition, CommitteeSeat.Role.ORGANIZER)
    Competition.objects.update(screeners=2)
    scene.competition.refresh_from_db()
    return person


def give(
    submission: Submission, verdict: str, by: User, *reasons: str, **more: Any
) -> Screening | Opinion:
    fresh = Submission.objects.get(pk=submission.pk)
    return services.screen_submission(
        fresh, verdict=verdict, reasons=reasons, by=by, at=make.NOON, **more
    )


def status(submission: Submission) -> str:
    return Submission.objects.get(pk=submission.pk).proposal.status


def test_two_who_agree_decide(scene: Scene, second: User) -> None:
    submission = scene.submitted()

    first = give(submission, "failed", scene.organizer, "incomplete", note="Kosong")
    assert isinstance(first, Opinion)
    assert status(submission) == ProposalStatus.SUBMITTED
    decided = give(submission, "failed", second, "careless", note="Isian diulang")

    assert isinstance(decided, Screening)
    assert decided.reasons == ["incomplete", "careless"]
    assert decided.note == "Kosong\n\nIsian diulang"
    assert status(submission) == ProposalStatus.INELIGIBLE
    assert set(Opinion.objects.values_list("screening", flat=True)) == {decided.pk}


def test_agreed_completion_opens_what_either_asked_for(scene: Scene, second: User) -> None:
    submission = scene.submitted()
    first = {"due_at": DUE, "unlocked": ["section:dampak"]}
    later = {"due_at": DUE + make.DAY, "unlocked": ["slot:foto"]}

    give(submission, "completion", scene.organizer, "incomplete", **first)
    decided = give(submission, "completion", second, "incomplete", **later)

    assert isinstance(decided, Screening)
    assert set(decided.unlocked) == {"section:dampak", "slot:foto"}
    assert decided.completion_due_at == DUE + make.DAY


def test_where_they_differ_the_chair_decides(scene: Scene, second: User) -> None:
    submission = scene.submitted()
    give(submission, "passed", scene.organizer)
    give(submission, "failed", second, "careless")
    third = make.user("Third")
    make.seat(third, scene.competition, CommitteeSeat.Role.ORGANIZER)

    assert status(submission) == ProposalStatus.SUBMITTED
    assert refusal(lambda: give(submission, "passed", third)) == "for_the_chair"
    [called] = Message.objects.filter(kind="screening_differs")
    assert (called.recipient, submission.receipt in called.subject) == (scene.chair, True)
    decided = give(submission, "passed", scene.chair)

    assert isinstance(decided, Screening)
    assert decided.decided_by == scene.chair
    assert status(submission) == ProposalStatus.ELIGIBLE
    assert Opinion.objects.filter(screening=decided).count() == 2


def test_chair_waits_and_nobody_reads_twice(scene: Scene, second: User) -> None:
    submission = scene.submitted()

    assert refusal(lambda: give(submission, "passed", scene.chair)) == "for_screeners"
    give(submission, "passed", scene.organizer)
    assert refusal(lambda: give(submission, "failed", scene.organizer, "careless")) == "given"
    assert refusal(lambda: give(submission, "passed", scene.chair)) == "for_screeners"


def test_reopened_submission_is_read_anew(scene: Scene, second: User) -> None:
    submission = scene.submitted()
    for person in (scene.organizer, second):
        give(submission, "passed", person)
    services.reopen_screening(
        Submission.objects.get(pk=submission.pk).proposal,
        reason="Keliru",
        by=scene.chair,
        at=make.NOON,
    )

    assert isinstance(give(submission, "passed", scene.organizer), Opinion)
    assert isinstance(give(submission, "passed", second), Screening)


def test_the_second_does_not_see_what_the_first_wrote(scene: Scene, second: User) -> None:
    submission = scene.submitted()
    give(submission, "failed", scene.organizer, "careless", note="Isian diulang")
    path = reverse("proposals:screening-page", args=["kipp-2020", submission.proposal_id])

    def seen_by(person: User) -> bool:
        client = Client()
        client.force_login(person)
        return "Isian diulang" in client.get(path).content.decode()

    assert [seen_by(person) for person in (scene.organizer, second, scene.chair)] == [
        True,
        False,
        False,
    ]
    give(submission, "passed", second)
    assert [seen_by(person) for person in (second, scene.chair, scene.auditor)] == [True] * 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        (("passed", "passed"), ProposalStatus.ELIGIBLE),
        (("passed", "failed"), ProposalStatus.SUBMITTED),
    ],
)
def test_two_at_the_same_time_are_one_decision(
    verdicts: tuple[str, str], expected: ProposalStatus
) -> None:
    scene = city_scene()
    second = seat_second(scene)
    submission = scene.submitted()
    barrier = Barrier(2)

    def decide(person: User, verdict: str) -> bool:
        barrier.wait()
        reasons = [] if verdict == "passed" else ["careless"]
        try:
            return isinstance(give(submission, verdict, person, *reasons), Screening)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        jobs = [
            pool.submit(decide, person, verdict)
            for person, verdict in zip((scene.organizer, second), verdicts, strict=True)
        ]
        decided = [job.result() for job in jobs]

    assert status(submission) == expected
    assert sum(decided) == Screening.objects.count() == int(verdicts[0] == verdicts[1])
    assert Opinion.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_one_person_in_two_tabs_gives_one_opinion() -> None:
    scene = city_scene()
    seat_second(scene)
    submission = scene.submitted()
    barrier = Barrier(2)

    def decide(verdict: str) -> str:
        barrier.wait()
        try:
            give(submission, verdict, scene.organizer)
        except ValidationError as error:
            return str(error.code)
        finally:
            connection.close()
        return "given first"

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(decide, ["passed", "passed"]))

    assert said == ["given", "given first"]
    assert Opinion.objects.count() == 1
