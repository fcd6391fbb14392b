"""Silence is told to the one above: after the stated time, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.audit import trail_of
from accounts.models import Message
from competitions.models import Competition
from proposals import services
from proposals.models import Proposal
from proposals.services.escalating import escalate_silence
from tests import make
from tests.proposals.scene import Scene, city_scene
from tests.proposals.test_races import together

LIMIT = make.NOON + timedelta(hours=72)


def told() -> list[int | None]:
    return list(Message.objects.filter(kind="proposal_silent").values_list("recipient", flat=True))


def test_after_the_stated_time_the_organizer_is_told_once(scene: Scene) -> None:
    proposal = scene.sent("RAHASIA")

    assert escalate_silence(at=LIMIT - timedelta(microseconds=1)) == 0
    assert [escalate_silence(at=LIMIT), escalate_silence(at=LIMIT + make.DAY)] == [1, 0]

    assert told() == [scene.organizer.pk]
    mail = Message.objects.get(kind="proposal_silent")
    assert ["RAHASIA" in mail.text + mail.subject, scene.endorser.full_name in mail.text] == [
        False,
        True,
    ]
    assert [entry.action for entry in trail_of(proposal)][-1] == "proposal.escalated"


def test_the_unit_above_comes_before_the_organizer(scene: Scene) -> None:
    mayor = make.user()
    make.membership(mayor, scene.city, "endorser")
    scene.sent()

    escalate_silence(at=LIMIT)

    assert told() == [mayor.pk]


def test_what_was_sent_again_waits_anew(scene: Scene) -> None:
    proposal = scene.sent()
    escalate_silence(at=LIMIT)
    services.return_proposal(
        proposal, note="x", section_notes={}, by=scene.endorser, at=LIMIT + make.DAY
    )
    services.send_for_endorsement(proposal, by=scene.author, at=LIMIT + make.DAY)

    assert escalate_silence(at=LIMIT + 2 * make.DAY) == 0
    assert escalate_silence(at=LIMIT + 4 * make.DAY) == 1


@pytest.mark.parametrize("days", [0, 99])
def test_nobody_is_told_where_the_edition_says_so_or_time_is_over(scene: Scene, days: int) -> None:
    scene.sent()
    if not days:
        Competition.objects.update(silence_hours=0)

    assert escalate_silence(at=LIMIT + days * make.DAY) == 0


@pytest.mark.django_db(transaction=True)
def test_two_sweepers_tell_once() -> None:
    scene = city_scene()
    scene.sent()

    found = together(*[lambda: escalate_silence(at=LIMIT)] * 4)

    assert sorted(map(str, found)) == ["0", "0", "0", "1"]
    assert told() == [scene.organizer.pk]
    assert Proposal.objects.count() == 1
