from __future__ import annotations

from accounts.audit import trail_of
from accounts.models import Membership, Message
from proposals import services
from proposals.models import Proposal
from tests import make
from tests.proposals.scene import Scene
from tests.proposals.test_endorsing import refusal


def told() -> set[int | None]:
    mails = Message.objects.filter(kind="proposal_chased")
    return set(mails.values_list("recipient", flat=True))


def test_chase_mails_whoever_holds_it(scene: Scene) -> None:
    services.chase_holder(scene.draft(), by=scene.organizer, at=make.NOON)
    assert told() == {scene.author.pk}

    services.chase_holder(scene.sent(), by=scene.organizer, at=make.NOON)
    assert told() == {scene.author.pk, scene.endorser.pk}


def test_chase_once_a_day(scene: Scene) -> None:
    proposal = scene.draft()

    def chase(days: int) -> int:
        at = make.NOON + days * make.DAY
        return services.chase_holder(proposal, by=scene.organizer, at=at)

    assert chase(0) == 1
    assert refusal(lambda: chase(0)) == "too_soon"
    assert chase(1) == 1
    assert Message.objects.filter(kind="proposal_chased").count() == 2
    assert [entry.action for entry in trail_of(proposal)] == ["proposal.chased"] * 2


def test_chase_needs_somebody_who_owes_something(scene: Scene) -> None:
    received = scene.submitted().proposal
    Membership.objects.filter(user=scene.author).update(ended_at=make.NOON)
    lonely = scene.draft()

    def chase(proposal: Proposal) -> int:
        return services.chase_holder(proposal, by=scene.organizer, at=make.NOON)

    assert refusal(lambda: chase(received)) == "not_now"
    assert refusal(lambda: chase(lonely)) == "nobody"
