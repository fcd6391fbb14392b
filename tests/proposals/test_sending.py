"""The final send: in time, once, frozen, numbered without gaps."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ValidationError

from accounts.audit import trail_of
from accounts.models import Message
from competitions.models import Round
from proposals import services
from proposals.content import canonical, digest
from proposals.models import Answer, Proposal, Screening, Submission
from proposals.services.sealing import BLANKS
from proposals.workflow import ProposalStatus
from tests import make
from tests.proposals.scene import Scene
from tests.proposals.test_endorsing import MICROSECOND, refusal


def submit(
    scene: Scene, proposal: Proposal, *, at: datetime = make.NOON, token: UUID | None = None
) -> Submission:
    return services.submit_proposal(proposal, token=token or uuid4(), by=scene.endorser, at=at)


def test_submit_freezes_what_was_written_under_a_number(scene: Scene) -> None:
    submission = scene.submitted("BREXIT")

    assert submission.receipt == "KIPP-2020-0001"
    assert submission.content["header"]["title"] == "BREXIT"
    assert [section["text"] for section in submission.content["sections"]] == ["satu dua tiga"] * 2
    assert submission.proposal.status == ProposalStatus.SUBMITTED
    assert [entry.action for entry in trail_of(submission.proposal)] == [
        "proposal.sent",
        "proposal.submitted",
    ]


def test_hash_recomputes_from_what_the_database_gives_back(scene: Scene) -> None:
    proposal = scene.draft("Ini “judul” – é 𝟛 <b>")
    services.send_for_endorsement(proposal, by=scene.author, at=make.NOON)
    submit(scene, proposal)

    stored = Submission.objects.get()

    assert digest(stored.content) == stored.sha256
    assert canonical({"b": 1, "a": "é"}) == '{"a":"é","b":1}'.encode()


def test_submit_tells_author_and_endorser(scene: Scene) -> None:
    scene.submitted()

    told = Message.objects.filter(kind="proposal_submitted").values_list("recipient", flat=True)

    assert sorted(told) == sorted([scene.author.pk, scene.endorser.pk])


def test_letters_hold_what_only_the_lock_decides(scene: Scene) -> None:
    submission = scene.submitted()

    for letter in Message.objects.filter(kind="proposal_submitted"):
        for told in (letter.text, letter.html):
            assert submission.receipt in told
            assert submission.sha256 in told
            assert submission.signature in told
            assert submission.key_id in told
            assert submission.content["form_sha256"] in told
            assert [blank for blank in BLANKS.values() if blank in told] == []
        assert letter.subject == f"Keep the receipt {submission.receipt}"


def test_both_stamps_are_kept(scene: Scene) -> None:
    submission = scene.submitted()

    assert submission.received_at == make.NOON
    assert submission.judged_at > make.NOON


def test_same_token_gives_the_same_receipt(scene: Scene) -> None:
    proposal = scene.sent()
    token = uuid4()
    first = submit(scene, proposal, token=token)

    assert submit(scene, proposal, token=token) == first
    assert submit(scene, proposal, token=token, at=make.NOON + 99 * make.DAY) == first
    assert Submission.objects.count() == 1


def test_token_of_another_proposal_is_refused(scene: Scene) -> None:
    first = scene.submitted()
    second = scene.sent()

    assert refusal(lambda: submit(scene, second, token=first.token)) == "token"


def test_second_form_finds_it_done(scene: Scene) -> None:
    submission = scene.submitted()

    assert refusal(lambda: submit(scene, submission.proposal)) == "not_now"


def test_numbers_have_no_gaps(scene: Scene) -> None:
    incomplete = make.proposal(scene.clinic, scene.track, status=ProposalStatus.AWAITING)
    scene.submitted()
    assert refusal(lambda: submit(scene, incomplete)) == "incomplete"

    assert scene.submitted().receipt == "KIPP-2020-0002"


def test_endorsers_end_is_exclusive(scene: Scene) -> None:
    proposal = scene.sent()
    end = scene.endorsement.ends_at

    assert refusal(lambda: submit(scene, proposal, at=end)) == "closed"
    assert submit(scene, proposal, at=end - MICROSECOND).received_at == end - MICROSECOND


def test_without_endorsement_round_the_close_of_submission_counts(scene: Scene) -> None:
    Round.objects.filter(pk=scene.endorsement.pk).delete()
    proposal = scene.sent()
    end = scene.submission.ends_at

    assert refusal(lambda: submit(scene, proposal, at=end)) == "closed"
    assert submit(scene, proposal, at=end - MICROSECOND).number == 1


def test_withdraw_before_the_close_frees_the_innovation(scene: Scene) -> None:
    submission = scene.submitted()

    services.withdraw_proposal(submission.proposal, reason="Diganti", by=scene.author, at=make.NOON)

    submission.refresh_from_db()
    assert submission.superseded_at == make.NOON
    assert submission.proposal.status == ProposalStatus.WITHDRAWN
    assert trail_of(submission.proposal).reverse()[0].reason == "Diganti"


def test_withdraw_needs_a_reason_and_time(scene: Scene) -> None:
    proposal = scene.submitted().proposal
    end = scene.endorsement.ends_at

    def withdraw(reason: str, at: datetime) -> None:
        services.withdraw_proposal(proposal, reason=reason, by=scene.author, at=at)

    assert refusal(lambda: withdraw(" ", make.NOON)) == "no_reason"
    assert refusal(lambda: withdraw("x", end)) == "closed"


DUE = make.NOON + 3 * make.DAY


def returned_for_completion(scene: Scene) -> Proposal:
    submission = scene.submitted()
    services.screen_submission(
        submission,
        verdict=Screening.Verdict.COMPLETION,
        reasons=["incomplete"],
        due_at=DUE,
        unlocked=["section:ringkasan", "section:dampak"],
        by=scene.organizer,
        at=make.NOON,
    )
    return submission.proposal


def test_completion_makes_a_new_current_submission(scene: Scene) -> None:
    proposal = returned_for_completion(scene)
    Answer.objects.filter(proposal=proposal).update(text="lengkap sekarang", word_count=2)
    token = uuid4()
    late = scene.endorsement.ends_at

    Screening.objects.update(completion_due_at=late + make.DAY)
    Proposal.objects.update(completion_due_at=late + make.DAY)
    second = services.resubmit_completion(proposal, token=token, by=scene.author, at=late)
    again = services.resubmit_completion(proposal, token=token, by=scene.author, at=late)

    assert again == second
    assert second.receipt == "KIPP-2020-0002"
    assert second.content["sections"][0]["text"] == "lengkap sekarang"
    assert [sent.superseded_at for sent in proposal.submissions.order_by("number")] == [late, None]
    assert Proposal.objects.get(pk=proposal.pk).status == ProposalStatus.SUBMITTED


def test_completion_after_its_date_is_refused(scene: Scene) -> None:
    proposal = returned_for_completion(scene)

    def resubmit(at: datetime) -> Submission:
        return services.resubmit_completion(proposal, token=uuid4(), by=scene.author, at=at)

    assert refusal(lambda: resubmit(DUE)) == "closed"
    assert resubmit(DUE - timedelta(microseconds=1)).number == 2


def test_completion_must_be_complete(scene: Scene) -> None:
    proposal = returned_for_completion(scene)
    Answer.objects.filter(proposal=proposal).delete()

    with pytest.raises(ValidationError) as error:
        services.resubmit_completion(proposal, token=uuid4(), by=scene.author, at=make.NOON)

    assert error.value.code == "incomplete"
