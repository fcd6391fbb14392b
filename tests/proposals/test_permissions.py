"""The tables of permissions.py, written out as people would say them."""

from __future__ import annotations

import pytest

from competitions.roles import Actor, load_actor
from proposals.models import Proposal
from proposals.permissions import (
    Action,
    BoardAction,
    allowed_actions,
    may,
    may_on_board,
)
from proposals.workflow import ProposalStatus
from tests import make
from tests.proposals.scene import Scene

# "copy" is the receipt and the frozen submission.
OF_UNIT = """
            author                                  endorser                              stranger
draft       read write send withdraw export         read write withdraw authorise export          -
returned    read write send withdraw export         read write withdraw authorise export          -
awaiting    read recall withdraw export             read return submit withdraw authorise export  -
submitted   read see_receipt withdraw export        read see_receipt withdraw export              -
completion  read write resubmit see_receipt export  read write resubmit see_receipt export        -
eligible    read see_receipt export                 read see_receipt export                       -
ineligible  read see_receipt export                 read see_receipt export                       -
withdrawn   read export                             read export                                   -
"""
OF_COMMITTEE = """
              organizer           chair               auditor
draft         chase               chase               -
returned      chase               chase               -
awaiting      chase               chase               -
submitted     screen check        screen check        copy
completion    screen chase check  screen chase check  copy
eligible      check               reopen check        copy
ineligible    check               reopen check        copy
withdrawn     -                   -                   -
"""


COPY = "see_receipt read_submission export"
CHECK = f"{COPY} check_claim"


def full(cell: str) -> str:
    return cell.replace("check", CHECK).replace("copy", COPY).replace("-", "")


def rows(table: str) -> list[tuple[str, str, set[str]]]:
    head, *lines = [
        [cell.strip() for cell in line.split("  ") if cell.strip()]
        for line in table.strip().splitlines()
    ]
    return [
        (
            line[0],
            role,
            set(cell.replace("check", CHECK).replace("copy", COPY).replace("-", "").split()),
        )
        for line in lines
        for role, cell in zip(head, line[1:], strict=True)
    ]


@pytest.mark.parametrize(("status", "role", "expected"), rows(OF_UNIT) + rows(OF_COMMITTEE))
def test_buttons_per_role_and_state(
    scene: Scene, status: str, role: str, expected: set[str]
) -> None:
    person = make.user() if role == "stranger" else getattr(scene, role)
    proposal = Proposal(
        competition=scene.competition,
        unit=scene.clinic,
        endorsing_unit=scene.agency,
        status=status,
    )

    assert allowed_actions(load_actor(person), proposal) == expected


def test_every_state_stands_in_the_table() -> None:
    assert {status for status, _role, _expected in rows(OF_UNIT)} == set(ProposalStatus)


def test_author_of_another_unit_may_nothing(scene: Scene) -> None:
    neighbour = make.user()
    make.membership(neighbour, make.unit(parent=scene.agency))
    proposal = scene.draft()

    assert allowed_actions(load_actor(neighbour), proposal) == frozenset()


@pytest.mark.parametrize(("place", "expected"), [("clinic", True), ("city", False)])
def test_endorser_further_down_reads_and_does_not_decide(
    scene: Scene, place: str, *, expected: bool
) -> None:
    person = make.user()
    make.membership(person, getattr(scene, place), "endorser")
    actor = load_actor(person)
    proposal = scene.sent()

    assert may(actor, Action.READ, proposal) is expected
    assert may(actor, Action.SUBMIT, proposal) is False
    assert Proposal.objects.visible_to(actor).exists() is expected


def test_nobody_may_nothing(scene: Scene) -> None:
    assert allowed_actions(Actor(), scene.draft()) == frozenset()


BOARD = """
              organizer  chair  auditor  author
see_board     yes        yes    yes      -
export        yes        yes    yes      -
screen        yes        yes    -        -
chase         yes        yes    -        -
"""


def board_rows() -> list[tuple[str, str, bool]]:
    head, *lines = [line.split() for line in BOARD.strip().splitlines()]
    return [
        (line[0], role, cell == "yes")
        for line in lines
        for role, cell in zip(head, line[1:], strict=True)
    ]


@pytest.mark.parametrize(("action", "role", "expected"), board_rows())
def test_board_per_role(scene: Scene, action: str, role: str, *, expected: bool) -> None:
    actor = load_actor(getattr(scene, role))

    assert may_on_board(actor, BoardAction(action), scene.competition) is expected


@pytest.mark.parametrize("status", list(ProposalStatus))
def test_committee_opens_only_what_it_received(scene: Scene, status: ProposalStatus) -> None:
    make.proposal(
        scene.clinic,
        scene.track,
        status=status,
        submitted_at=make.NOON,
        completion_due_at=make.NOON,
    )

    seen = Proposal.objects.visible_to(load_actor(scene.organizer)).exists()

    assert seen is (status in {"submitted", "completion", "eligible", "ineligible"})
