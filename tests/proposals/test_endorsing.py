from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from accounts.audit import trail_of
from accounts.models import Message
from competitions.services import extend_round
from proposals import services
from proposals.models import Answer, Proposal
from proposals.workflow import ProposalStatus
from tests import make
from tests.proposals.scene import Scene

MICROSECOND = timedelta(microseconds=1)


def refusal(verb: Callable[[], object]) -> str | None:
    with pytest.raises(ValidationError) as error:
        verb()
    return error.value.error_list[0].code


def send(scene: Scene, proposal: Proposal, *, at: datetime) -> None:
    services.send_for_endorsement(proposal, by=scene.author, at=at)


def test_send_hands_over_and_tells_the_endorser(scene: Scene) -> None:
    proposal = scene.sent()

    assert (proposal.status, proposal.holder) == (ProposalStatus.AWAITING, "endorser")
    [mail] = Message.objects.filter(kind="proposal_sent")
    assert mail.recipient == scene.endorser
    assert f"/proposal/{proposal.pk}/pengesahan/" in mail.text
    assert [entry.action for entry in trail_of(proposal)] == ["proposal.sent"]


def test_send_counts_until_the_exclusive_end(scene: Scene) -> None:
    end = scene.submission.ends_at
    late = scene.draft()

    assert refusal(lambda: send(scene, late, at=end)) == "closed"
    send(scene, late, at=end - MICROSECOND)
    assert late.status == ProposalStatus.AWAITING


def test_send_before_the_beginning_is_refused(scene: Scene) -> None:
    early = scene.submission.starts_at - MICROSECOND

    assert refusal(lambda: send(scene, scene.draft(), at=early)) == "not_open"


def test_extension_for_one_unit_holds_for_it_alone(scene: Scene) -> None:
    end = scene.submission.ends_at
    neighbour = make.unit(parent=scene.city)
    other = make.proposal(neighbour, scene.track)
    for section in (scene.summary, scene.impact):
        make.answer(other, section)
    extend_round(
        scene.submission,
        by=scene.chair,
        at=make.NOON,
        new_ends_at=end + make.DAY,
        reason="Jaringan putus",
        letter_number="001",
        unit=scene.agency,
    )

    assert refusal(lambda: send(scene, other, at=end)) == "closed"
    mine = scene.draft()
    send(scene, mine, at=end + make.DAY - MICROSECOND)
    assert mine.status == ProposalStatus.AWAITING


@pytest.mark.parametrize("text", ["", "kata " * 11])
def test_send_refuses_an_empty_or_too_long_section(scene: Scene, text: str) -> None:
    proposal = scene.draft()
    Answer.objects.filter(proposal=proposal, section=scene.impact).update(
        text=text, word_count=len(text.split())
    )

    assert refusal(lambda: send(scene, proposal, at=make.NOON)) == "incomplete"
    assert Proposal.objects.get(pk=proposal.pk).status == ProposalStatus.DRAFT


def test_send_twice_is_refused(scene: Scene) -> None:
    proposal = scene.sent()

    assert refusal(lambda: send(scene, proposal, at=make.NOON)) == "not_now"


def test_recall_gives_it_back_to_the_author(scene: Scene) -> None:
    proposal = scene.sent()

    services.recall_proposal(proposal, by=scene.author, at=make.NOON)

    assert proposal.status == ProposalStatus.DRAFT
    assert [entry.action for entry in trail_of(proposal)] == ["proposal.sent", "proposal.recalled"]


def test_recall_after_the_close_would_lose_the_place(scene: Scene) -> None:
    proposal = scene.sent()
    end = scene.submission.ends_at

    assert refusal(lambda: services.recall_proposal(proposal, by=scene.author, at=end)) == "closed"


def give_back(
    scene: Scene,
    proposal: Proposal,
    *,
    note: str = "",
    at: datetime = make.NOON,
    notes: dict[str, str] | None = None,
) -> None:
    services.return_proposal(
        proposal, note=note, section_notes=notes or {}, by=scene.endorser, at=at
    )


def test_return_keeps_notes_and_tells_the_author(scene: Scene) -> None:
    proposal = scene.sent()

    give_back(
        scene, proposal, note="Perbaiki", notes={"ringkasan": " Terlalu pendek ", "dampak": "  "}
    )

    endorsement = proposal.endorsements.get()
    assert endorsement.section_notes == {"ringkasan": "Terlalu pendek"}
    assert (proposal.status, proposal.holder) == (ProposalStatus.RETURNED, "author")
    [mail] = Message.objects.filter(kind="proposal_returned")
    assert mail.recipient == scene.author
    assert "Perbaiki" in mail.text


@pytest.mark.parametrize(
    ("notes", "code"), [({}, "no_note"), ({"ringkasan": " "}, "no_note"), ({"x": "y"}, "foreign")]
)
def test_return_needs_a_note_on_the_form(scene: Scene, notes: dict[str, str], code: str) -> None:
    proposal = scene.sent()

    assert refusal(lambda: give_back(scene, proposal, notes=notes)) == code


def test_returned_in_time_may_come_back_while_endorsement_is_open(scene: Scene) -> None:
    proposal = scene.sent()
    after_close = scene.submission.ends_at + make.DAY
    give_back(scene, proposal, at=after_close, note="Perbaiki")

    send(scene, proposal, at=after_close)

    assert proposal.status == ProposalStatus.AWAITING


def test_return_after_the_end_of_endorsement_is_refused(scene: Scene) -> None:
    proposal = scene.sent()
    end = scene.endorsement.ends_at

    assert refusal(lambda: give_back(scene, proposal, at=end, note="x")) == "closed"
