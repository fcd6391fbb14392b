from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.audit import trail_of
from accounts.models import Message, Unit
from competitions.models import Competition, Round
from competitions.services import extend_round
from competitions.timeline import Shift
from kipp.lib import clock
from proposals import services
from proposals.invariants import sent_before_the_end
from proposals.models import Answer, Proposal
from proposals.queries.deadlines import Window, deadlines_from
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


def test_return_gives_the_unit_time_beyond_the_close(scene: Scene) -> None:
    """Returned in the last hour: the unit and the endorser have 48 hours all the same."""
    proposal = scene.sent()
    returned_at = scene.endorsement.ends_at - timedelta(hours=1)
    give_back(scene, proposal, at=returned_at, note="Perbaiki")
    until = returned_at + timedelta(hours=48)

    assert refusal(lambda: send(scene, proposal, at=until)) == "closed"
    send(scene, proposal, at=until - MICROSECOND)
    submission = services.submit_proposal(
        proposal, token=uuid4(), by=scene.endorser, at=until - MICROSECOND
    )

    assert submission.receipt == "KIPP-2020-0001"
    assert list(sent_before_the_end(until)) == []
    [mail] = Message.objects.filter(kind="proposal_returned")
    assert clock.show_end_everywhere(until, zone="Asia/Jakarta") in mail.text


def test_hours_of_a_return_give_no_further_return(scene: Scene) -> None:
    proposal = scene.sent()
    end = scene.endorsement.ends_at
    give_back(scene, proposal, at=end - MICROSECOND, note="Perbaiki")
    send(scene, proposal, at=end)

    assert refusal(lambda: give_back(scene, proposal, at=end, note="Lagi")) == "closed"


def test_edition_without_mending_hours_keeps_its_close(scene: Scene) -> None:
    Competition.objects.update(mend_hours=0)
    scene.competition.refresh_from_db()
    proposal = scene.sent()
    end = scene.endorsement.ends_at
    give_back(scene, proposal, at=end - MICROSECOND, note="Perbaiki")

    assert refusal(lambda: send(scene, proposal, at=end)) == "closed"


def test_waiting_is_a_safe_state_that_names_who_holds_it(scene: Scene, client: Client) -> None:
    """In time at the last microsecond; endorsed days after the unit's close."""
    end, endorsed_at = scene.submission.ends_at, scene.endorsement.ends_at - MICROSECOND
    proposal = scene.sent(at=end - MICROSECOND)
    client.force_login(scene.author)
    client.cookies["django_language"] = "en"
    address = reverse("proposals:proposal-page", args=[proposal.pk])

    with time_machine.travel(end + make.DAY, tick=False):
        waiting = client.get(address).content.decode()
    with time_machine.travel(scene.endorsement.ends_at, tick=False):
        late = client.get(address).content.decode()
    submission = services.submit_proposal(
        proposal, token=uuid4(), by=scene.endorser, at=endorsed_at
    )

    assert ["In on time" in waiting, f"desk of {scene.endorser.full_name}" in waiting] == [
        True,
        True,
    ]
    assert ["In on time" in late, "Not endorsed in time" in late] == [False, True]
    assert submission.received_at == endorsed_at


@pytest.mark.parametrize(
    ("close", "granted", "ends", "struck"),
    [
        (2, {Round.Kind.SUBMISSION: (1, 3)}, 3, [2]),
        (9, {Round.Kind.SUBMISSION: (1, 3)}, 9, []),
        (9, {Round.Kind.ENDORSEMENT: (9, 11)}, 11, [9]),
    ],
)
def test_end_of_endorsing_strikes_what_held_before_an_extension(
    close: int, granted: dict[str, tuple[int, int]], ends: int, struck: list[int]
) -> None:
    kinds = {Round.Kind.SUBMISSION: 1, Round.Kind.ENDORSEMENT: close}
    rounds = [
        Round(pk=end, kind=kind, starts_at=make.NOON, ends_at=days_on(end))
        for kind, end in kinds.items()
    ]
    shifts = {
        kinds[Round.Kind(kind)]: [Shift(days_on(old), days_on(new), "1.")]
        for kind, (old, new) in granted.items()
    }

    window = deadlines_from(rounds, shifts=shifts, unit=Unit(path="1.2.")).endorsing

    earlier = tuple(days_on(end) for end in struck)
    assert window == Window(make.NOON, days_on(ends), earlier)


def days_on(days: int) -> datetime:
    return make.NOON + days * make.DAY
