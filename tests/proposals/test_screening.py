from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.audit import trail_of
from accounts.models import Message
from competitions.models import EligibilityRule, Round, Section
from proposals import services
from proposals.checklist import lines_of_checklist
from proposals.decision_letters import letter_data
from proposals.findings import freeze, thaw
from proposals.models import Proposal, Screening, Submission
from proposals.queries.preflight import checklist_of, problems_in, problems_of
from proposals.workflow import ProposalStatus
from tests import make
from tests.lib.samples import jpg_file
from tests.proposals.scene import Scene
from tests.proposals.test_endorsing import refusal

DUE = make.NOON + 3 * make.DAY
PARTS = ("section:ringkasan", "slot:foto")
NOTHING: Mapping[str, str] = {}
YOUNG = "too_young:header:started_on"


def screen(
    scene: Scene,
    submission: Submission,
    verdict: str,
    *,
    reasons: tuple[str, ...] = (),
    note: str = "",
    due_at: datetime | None = None,
    unlocked: tuple[str, ...] = (),
    overrides: Mapping[str, str] = NOTHING,
    at: datetime = make.NOON,
) -> Screening:
    decided = services.screen_submission(
        submission,
        verdict=verdict,
        reasons=reasons,
        note=note,
        due_at=due_at,
        unlocked=unlocked or (PARTS if verdict == "completion" else ()),
        overrides=overrides,
        by=scene.organizer,
        at=at,
    )
    assert isinstance(decided, Screening)
    return decided


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
        ("completion", {"reasons": ("incomplete",), "due_at": DUE, "unlocked": ("",)}, "unlocked"),
        (
            "completion",
            {"reasons": ("incomplete",), "due_at": DUE, "unlocked": ("section:ghaib",)},
            "unlocked",
        ),
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


def young(scene: Scene) -> Submission:
    """Sent although the rules refuse it."""
    make.rule(scene.track, "min_age", limit=12)
    proposal = scene.draft(started_on=make.NOON.date())
    services.send_for_endorsement(proposal, by=scene.author, at=make.NOON)
    return services.submit_proposal(proposal, token=uuid4(), by=scene.endorser, at=make.NOON)


def test_findings_of_the_submission_stay_with_it(scene: Scene) -> None:
    submission = young(scene)
    EligibilityRule.objects.all().delete()

    submission.refresh_from_db()

    [finding] = checklist_of(submission)
    assert (finding.code, finding.article) == ("too_young", "Pasal 6")
    assert finding.params["closes_on"] == date(2026, 3, 12)
    assert thaw(freeze(finding)) == finding
    assert problems_of(submission.proposal) == []


def test_rules_read_what_was_received(scene: Scene) -> None:
    submission = young(scene)
    Proposal.objects.update(started_on=date(2000, 1, 1), title="")
    submission.proposal.answers.all().delete()
    submission.proposal.refresh_from_db()

    received = [finding.code for finding in problems_in(submission)]

    assert received == ["too_young"]
    assert [finding.code for finding in problems_of(submission.proposal)] == [
        "title_missing",
        "section_empty",
        "section_empty",
    ]


def test_what_the_rules_refuse_passes_only_with_a_reason(scene: Scene) -> None:
    submission = young(scene)

    assert refusal(lambda: screen(scene, submission, "passed")) == "confirmed"
    wrong = [{YOUNG: ""}, {YOUNG: "because"}, {"video_dead:header:video_url": "evidence"}]
    for overrides, code in zip(wrong, ["no_reason", "no_reason", "stale"], strict=True):
        with pytest.raises(ValidationError) as error:
            screen(scene, submission, "passed", overrides=overrides)
        assert error.value.code == code

    screening = screen(scene, submission, "passed", overrides={YOUNG: "evidence"})

    [line] = lines_of_checklist(screening.checklist)
    assert (line.article, line.override) == ("Pasal 6", "evidence")
    entry = trail_of(submission.proposal).reverse()[0]
    assert entry.data["overrides"] == {YOUNG: "evidence"}


def test_letter_states_what_was_found_as_a_fact(scene: Scene) -> None:
    """What "will be refused" has been refused by then."""
    screening = screen(scene, young(scene), "failed", reasons=("too_young",))

    [line] = lines_of_checklist(screening.checklist)
    data = letter_data(screening, notice=None)

    assert line.text.startswith("The innovation must run for 12 months before ")
    blocks = data["blocks"]
    assert isinstance(blocks, list)
    assert {"kind": "text", "text": f"{line.text} (Pasal 6)"} in blocks


def test_what_is_only_noted_does_not_stand_in_the_way(scene: Scene) -> None:
    make.rule(scene.track, "min_age", limit=12, severity="warns")
    proposal = scene.draft(started_on=make.NOON.date())
    services.send_for_endorsement(proposal, by=scene.author, at=make.NOON)
    sent = services.submit_proposal(proposal, token=uuid4(), by=scene.endorser, at=make.NOON)

    screening = screen(scene, sent, "passed")

    assert [checked["finding"]["severity"] for checked in screening.checklist] == ["warns"]


def test_completion_opens_exactly_what_it_names(scene: Scene) -> None:
    submission = scene.submitted("Judul")
    proposal = submission.proposal
    screen(
        scene,
        submission,
        "completion",
        reasons=("incomplete",),
        due_at=DUE,
        unlocked=("section:dampak", "header:started_on"),
    )

    def write(section: Section) -> object:
        return services.save_answer(
            proposal, section=section, text="baru", version=1, by=scene.author, at=make.NOON
        )

    def describe(header: services.Header) -> None:
        proposal.refresh_from_db()
        services.describe_proposal(
            proposal,
            header=header,
            version=proposal.version,
            by=scene.author,
            at=make.NOON,
        )

    def upload() -> object:
        file = BytesIO(jpg_file())
        return services.attach_file(
            proposal, slot=scene.photo, file=file, name="a.jpg", by=scene.author, at=make.NOON
        )

    write(scene.impact)
    describe({"title": "Judul", "started_on": date(2020, 1, 1)})
    assert refusal(lambda: write(scene.summary)) == "locked"
    assert refusal(lambda: describe({"title": "Judul lain"})) == "locked"
    assert refusal(lambda: describe({"video_url": "https://youtu.be/abcdefghijk"})) == "locked"
    assert refusal(upload) == "locked"
    proposal.refresh_from_db()
    assert (proposal.title, proposal.started_on) == ("Judul", date(2020, 1, 1))

    services.resubmit_completion(proposal, token=uuid4(), by=scene.author, at=make.NOON)
    assert Proposal.objects.get(pk=proposal.pk).unlocked == []
    assert refusal(lambda: write(scene.impact)) == "not_now"


def test_completion_pages_offer_exactly_what_is_open(scene: Scene) -> None:
    submission = scene.submitted("Judul")
    due = make.NOON + 400 * make.DAY
    screen(scene, submission, "completion", reasons=("incomplete",), due_at=due, unlocked=PARTS)
    client = Client()
    client.force_login(scene.author)

    def status(name: str, *more: str) -> int:
        path = reverse(f"proposals:{name}", args=[submission.proposal_id, *more])
        return client.get(path).status_code

    page = client.get(reverse("proposals:proposal-page", args=[submission.proposal_id]))

    assert [task.title for task in page.context["tasks"] if task.url] == [
        "Ringkasan",
        "Attachments",
    ]
    assert status("section-edit", "ringkasan") == 200
    assert status("section-edit", "dampak") == 403
    assert status("header-edit") == 200
    header = client.get(reverse("proposals:header-edit", args=[submission.proposal_id]))
    assert all(
        field.disabled for name, field in header.context["form"].fields.items() if name != "version"
    )


def test_a_completion_saves_by_itself_only_where_it_is_open(client: Client, scene: Scene) -> None:
    submission = scene.submitted()
    due = make.NOON + 400 * make.DAY
    screen(scene, submission, "completion", reasons=("incomplete",), due_at=due)
    client.force_login(scene.author)
    typed = {"text": "Lengkap sekarang.", "version": 1}

    answers = {
        key: client.post(
            reverse("proposals:section-autosave", args=[submission.proposal_id, key]), typed
        )
        for key in ("ringkasan", "dampak")
    }

    assert answers["ringkasan"].json()["version"] == 2
    assert answers["dampak"].json()["code"] == "locked"
