from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.audit import trail_of
from accounts.models import Message
from competitions.models import Round
from proposals import services
from proposals.models import Screening, Submission
from proposals.workflow import ProposalStatus
from tests import make
from tests.proposals.scene import Scene
from tests.proposals.test_endorsing import refusal

DUE = make.NOON + 3 * make.DAY


def screen(
    scene: Scene,
    submission: Submission,
    verdict: str,
    *,
    reasons: tuple[str, ...] = (),
    note: str = "",
    due_at: datetime | None = None,
    at: datetime = make.NOON,
) -> Screening:
    return services.screen_submission(
        submission,
        verdict=verdict,
        reasons=reasons,
        note=note,
        due_at=due_at,
        by=scene.organizer,
        at=at,
    )


@pytest.mark.parametrize(
    ("verdict", "reasons", "status", "kind", "action"),
    [
        ("passed", (), ProposalStatus.ELIGIBLE, "proposal_passed", "proposal.passed"),
        ("failed", ("too_young",), ProposalStatus.INELIGIBLE, "proposal_failed", "proposal.failed"),
        (
            "completion",
            ("incomplete", "missing_letter"),
            ProposalStatus.COMPLETION,
            "proposal_completion",
            "proposal.returned_for_completion",
        ),
    ],
)
def test_decision_moves_tells_and_is_recorded(
    scene: Scene,
    *,
    verdict: str,
    reasons: tuple[str, ...],
    status: str,
    kind: str,
    action: str,
) -> None:
    submission = scene.submitted()

    screening = screen(scene, submission, verdict, reasons=reasons, due_at=DUE)

    assert submission.proposal.status == status
    assert tuple(screening.reasons) == reasons
    told = Message.objects.filter(kind=kind).values_list("recipient", flat=True)
    assert sorted(told) == sorted([scene.author.pk, scene.endorser.pk])
    assert trail_of(submission.proposal).reverse()[0].action == action


def test_reasons_stand_in_the_mail(scene: Scene) -> None:
    screen(scene, scene.submitted(), "failed", reasons=("too_young",), note="Lihat Pasal 6")

    mail = Message.objects.filter(kind="proposal_failed").first()

    assert mail is not None
    assert "Lihat Pasal 6" in mail.text
    assert "- " in mail.text


@pytest.mark.parametrize(
    ("verdict", "given", "field"),
    [
        ("failed", {}, "reasons"),
        ("completion", {"due_at": DUE}, "reasons"),
        ("failed", {"reasons": ("nonsense",)}, "reasons"),
        ("failed", {"reasons": ("other",)}, "note"),
        ("completion", {"reasons": ("incomplete",)}, "due_at"),
        ("completion", {"reasons": ("incomplete",), "due_at": make.NOON}, "due_at"),
    ],
)
def test_what_is_missing_is_named_at_its_field(
    scene: Scene, verdict: str, given: dict[str, Any], field: str
) -> None:
    submission = scene.submitted()

    with pytest.raises(ValidationError) as error:
        screen(scene, submission, verdict, **given)

    assert list(error.value.message_dict) == [field]
    assert Screening.objects.count() == 0


def test_second_decision_is_refused(scene: Scene) -> None:
    submission = scene.submitted()
    screen(scene, submission, "passed")

    assert refusal(lambda: screen(scene, submission, "passed")) == "not_now"


def test_decision_on_an_overtaken_submission_is_refused(scene: Scene) -> None:
    submission = scene.submitted()
    services.withdraw_proposal(submission.proposal, reason="x", by=scene.author, at=make.NOON)

    assert refusal(lambda: screen(scene, submission, "passed")) == "stale"


def test_whoever_has_a_date_is_not_refused_before_it(scene: Scene) -> None:
    submission = scene.submitted()
    screen(scene, submission, "completion", reasons=("incomplete",), due_at=DUE)

    def fail(at: datetime) -> Screening:
        return screen(scene, submission, "failed", reasons=("incomplete",), at=at)

    assert refusal(lambda: fail(make.NOON)) == "too_early"
    assert fail(DUE).verdict == "failed"
    assert submission.proposal.completion_due_at is None


def test_reopen_puts_it_back_on_the_desk(scene: Scene) -> None:
    submission = scene.submitted()
    screen(scene, submission, "failed", reasons=("too_young",))

    services.reopen_screening(
        submission.proposal, reason="Bukti umur ada", by=scene.chair, at=make.NOON
    )

    assert submission.proposal.status == ProposalStatus.SUBMITTED
    assert Screening.objects.count() == 1
    assert Message.objects.filter(kind="proposal_reopened").count() == 2
    assert screen(scene, submission, "passed").verdict == "passed"


def test_reopen_needs_a_reason_and_a_decision(scene: Scene) -> None:
    proposal = scene.submitted().proposal

    def reopen(reason: str) -> None:
        services.reopen_screening(proposal, reason=reason, by=scene.chair, at=make.NOON)

    assert refusal(lambda: reopen("")) == "no_reason"
    assert refusal(lambda: reopen("x")) == "not_now"


def test_reopening_is_refused_once_judging_has_begun(scene: Scene) -> None:
    submission = scene.submitted()
    services.screen_submission(submission, verdict="passed", by=scene.organizer, at=make.NOON)
    make.round_(scene.competition, Round.Kind.JUDGING, starts_at=make.NOON)

    with pytest.raises(ValidationError) as error:
        services.reopen_screening(
            submission.proposal, reason="Keliru", by=scene.chair, at=make.NOON
        )

    assert error.value.code == "judging"
