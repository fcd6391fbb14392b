"""Two people on one list at the same instant, on the real database."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import pytest

from proposals import services
from proposals.models import Claim, TeamMember
from proposals.services.lines import MOST
from tests import make
from tests.proposals.scene import Scene, city_scene
from tests.proposals.test_ledger import added, claim_of
from tests.proposals.test_races import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def race_scene() -> Scene:
    return city_scene()


def test_of_two_editors_of_one_line_one_wins_and_one_is_told(race_scene: Scene) -> None:
    pk = added(race_scene, race_scene.draft()).pk

    def save(after: int) -> str:
        claim = Claim.objects.get(pk=pk)
        claim.after = Decimal(after)
        services.change_line(claim, version=1, by=race_scene.author, at=make.NOON)
        return str(after)

    found = together(lambda: save(1), lambda: save(2))

    stored = Claim.objects.get(pk=pk)
    assert sorted(map(str, found)) == sorted([str(stored.after.normalize()), "stale"])
    assert stored.version == 2


def test_lines_added_at_once_do_not_pass_the_limit(race_scene: Scene) -> None:
    proposal = race_scene.draft()
    for number in range(MOST[TeamMember] - 1):
        member = TeamMember(proposal=proposal, name=f"Orang {number}", role="Anggota")
        services.add_line(member, by=race_scene.author, at=make.NOON)

    def add() -> str:
        member = TeamMember(proposal=type(proposal).objects.get(pk=proposal.pk), name="A", role="B")
        services.add_line(member, by=race_scene.author, at=make.NOON)
        return "added"

    assert sorted(map(str, together(add, add, add))) == ["added", "full", "full"]


def test_lines_moved_at_once_stay_one_list(race_scene: Scene) -> None:
    proposal = race_scene.draft()
    names = ["Satu", "Dua", "Tiga", "Empat"]
    claims = [added(race_scene, proposal, name) for name in names]

    def up(pk: int) -> None:
        claim = Claim.objects.get(pk=pk)
        services.move_line_up(claim, version=1, by=race_scene.author, at=make.NOON)

    together(*[lambda pk=each.pk: up(pk) for each in claims[1:]])

    rows = Claim.objects.filter(proposal=proposal).values_list("order", "indicator")
    assert [order for order, _name in rows] == [1, 2, 3, 4]
    assert {name for _order, name in rows} == set(names)


def test_line_and_sending_never_pass_each_other(race_scene: Scene) -> None:
    proposal = race_scene.draft()

    def add() -> str:
        fresh = type(proposal).objects.get(pk=proposal.pk)
        services.add_line(claim_of(fresh), by=race_scene.author, at=make.NOON)
        return "added"

    def send() -> str:
        fresh = type(proposal).objects.for_page().get(pk=proposal.pk)
        services.send_for_endorsement(fresh, by=race_scene.author, at=make.NOON)
        return "sent"

    found = together(add, send)

    assert found[1] == "sent"
    assert (found[0] == "added") == Claim.objects.filter(proposal=proposal).exists()


def test_of_two_findings_one_is_told(race_scene: Scene) -> None:
    draft = race_scene.draft()
    added(race_scene, draft)
    services.send_for_endorsement(draft, by=race_scene.author, at=make.NOON)
    sent = services.submit_proposal(draft, token=uuid4(), by=race_scene.endorser, at=make.NOON)
    key = sent.content["claims"][0]["key"]

    def find(state: str) -> str:
        fresh = type(sent).objects.get(pk=sent.pk)
        services.check_claim(
            fresh,
            key=key,
            state=state,
            note="Dilihat.",
            version=0,
            by=race_scene.organizer,
            at=make.NOON,
        )
        return state

    found = together(lambda: find("seen"), lambda: find("contradicted"))

    stored = type(sent).objects.get(pk=sent.pk).claim_checks[str(key)]["state"]
    assert sorted(map(str, found)) == sorted(["stale", stored])
