"""The narrow question of a save has the same answer as the law with all roles of a person."""

from __future__ import annotations

from accounts.models import Membership, User
from competitions.roles import load_actor
from proposals.permissions import Action, may
from proposals.queries.writing import desk_of
from tests import make
from tests.proposals.scene import Scene

Role = Membership.Role


def everybody(scene: Scene) -> dict[str, User]:
    """Each with every role near and far from the clinic, and one who has left."""
    units = {"clinic": scene.clinic, "agency": scene.agency, "city": scene.city}
    units["elsewhere"] = make.unit(parent=scene.agency)
    people = {f"{role} of {name}": make.user() for name in units for role in Role}
    for name, unit in units.items():
        for role in Role:
            make.membership(people[f"{role} of {name}"], unit, role)
    people["left"] = make.user()
    gone = make.membership(people["left"], scene.clinic)
    Membership.objects.filter(pk=gone.pk).update(ended_at=make.NOON)
    return people | {"organizer": scene.organizer, "stranger": make.user()}


def test_same_people_write_as_the_law_says(scene: Scene) -> None:
    proposal = scene.draft()
    people = everybody(scene)
    law = {name for name, who in people.items() if may(load_actor(who), Action.WRITE, proposal)}

    found = set()
    for name, who in people.items():
        desk = desk_of(who, proposal_id=proposal.pk, key="ringkasan")
        assert desk is not None
        if may(desk.actor, Action.WRITE, desk.proposal):
            found.add(name)

    assert found == law == {"author of clinic", "endorser of agency"}


def test_desk_is_one_section_of_the_proposals_own_form(scene: Scene) -> None:
    make.section(make.track(scene.competition, "khusus"), "lain")
    proposal = scene.draft()

    desk = desk_of(scene.author, proposal_id=proposal.pk, key="dampak")

    assert desk is not None
    assert (desk.section, desk.proposal, desk.time_zone) == (
        scene.impact,
        proposal,
        "Asia/Jakarta",
    )
    assert desk_of(scene.author, proposal_id=proposal.pk, key="lain") is None
