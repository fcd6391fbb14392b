"""The final send: in time, once, frozen, numbered without gaps."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from accounts.audit import trail_of
from accounts.models import Message
from proposals import services
from proposals.content import digest
from proposals.models import Submission
from proposals.workflow import ProposalStatus
from tests import make
from tests.proposals.scene import Scene


def test_submit_freezes_what_was_written_under_a_number(scene: Scene) -> None:
    submission = scene.submitted("BREXIT")

    assert submission.receipt == "KIPP-2020-0001"
    assert submission.content["header"]["title"] == "BREXIT"
    assert [section["text"] for section in submission.content["sections"]] == ["satu dua tiga"] * 2
    assert submission.sha256 == digest(submission.content)
    assert submission.proposal.status == ProposalStatus.SUBMITTED
    assert [entry.action for entry in trail_of(submission.proposal)] == [
        "proposal.sent",
        "proposal.submitted",
    ]


def test_submit_tells_author_and_endorser(scene: Scene) -> None:
    scene.submitted()

    told = Message.objects.filter(kind="proposal_submitted").values_list("recipient", flat=True)

    assert sorted(told) == sorted([scene.author.pk, scene.endorser.pk])


def test_same_token_gives_the_same_receipt(scene: Scene) -> None:
    proposal = scene.sent()
    token = uuid4()
    first = services.submit_proposal(proposal, token=token, by=scene.endorser, at=make.NOON)

    second = services.submit_proposal(proposal, token=token, by=scene.endorser, at=make.NOON)

    assert second == first
    assert Submission.objects.count() == 1


def test_numbers_have_no_gaps(scene: Scene) -> None:
    incomplete = make.proposal(scene.clinic, scene.track, status=ProposalStatus.AWAITING)
    scene.submitted()
    with pytest.raises(ValidationError):
        services.submit_proposal(incomplete, token=uuid4(), by=scene.endorser, at=make.NOON)

    assert scene.submitted().receipt == "KIPP-2020-0002"
