"""Who may do what with a proposal: one table. Predicates read the actor and run no query."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType

from competitions.models import CommitteeSeat, Competition
from competitions.roles import Actor
from proposals.models import Proposal
from proposals.workflow import PROPOSAL_FLOW, RECEIVED, UNSENT, ProposalMove, ProposalStatus

Role = CommitteeSeat.Role


class Action(StrEnum):
    """The moves of the workflow under their own names, and what moves nothing."""

    WRITE = "write"
    READ = "read"
    SEND = "send"
    RECALL = "recall"
    RETURN = "return"
    SUBMIT = "submit"
    AUTHORISE = "authorise"
    RESUBMIT = "resubmit"
    WITHDRAW = "withdraw"
    SEE_RECEIPT = "see_receipt"
    SCREEN = "screen"
    REOPEN = "reopen"
    CHASE = "chase"
    READ_SUBMISSION = "read_submission"
    CHECK_CLAIM = "check_claim"
    EXPORT = "export"


class BoardAction(StrEnum):
    SEE_BOARD = "see_board"
    SCREEN = "screen"
    CHASE = "chase"
    EXPORT = "export"
    IMPORT = "import"


def is_author(actor: Actor, proposal: Proposal) -> bool:
    return proposal.unit_id in actor.author_of


def is_endorser(actor: Actor, proposal: Proposal) -> bool:
    """Of the very unit that endorses; an endorser further up or down only reads."""
    return proposal.endorsing_unit_id in actor.endorser_of


def is_of_unit(actor: Actor, proposal: Proposal) -> bool:
    return is_author(actor, proposal) or is_reading_endorser(actor, proposal)


def is_reading_endorser(actor: Actor, proposal: Proposal) -> bool:
    """As `visible_to` has it: at or below the endorsing unit, at or above the proposal's.

    The endorsing unit stays the one of the start, even if the proposal's unit moves elsewhere.
    """
    lineage, top = proposal.unit.lineage, proposal.endorsing_unit_id
    between = lineage[lineage.index(top) :] if top in lineage else (top,)
    return any(unit_id in actor.endorser_of for unit_id in between)


def is_author_or_endorser(actor: Actor, proposal: Proposal) -> bool:
    return is_author(actor, proposal) or is_endorser(actor, proposal)


def is_screener(actor: Actor, proposal: Proposal) -> bool:
    return actor.has_seat(proposal.competition_id, Role.ORGANIZER, Role.CHAIR)


def is_chair(actor: Actor, proposal: Proposal) -> bool:
    return actor.has_seat(proposal.competition_id, Role.CHAIR)


def is_committee(actor: Actor, proposal: Proposal) -> bool:
    return actor.has_seat(proposal.competition_id) and proposal.status in RECEIVED


def sees_receipt(actor: Actor, proposal: Proposal) -> bool:
    return is_of_unit(actor, proposal) or is_committee(actor, proposal)


RULES: Mapping[Action, Callable[[Actor, Proposal], bool]] = MappingProxyType(
    {
        Action.WRITE: is_author_or_endorser,
        Action.READ: is_of_unit,
        Action.SEND: is_author,
        Action.RECALL: is_author,
        Action.RETURN: is_endorser,
        Action.SUBMIT: is_endorser,
        Action.AUTHORISE: is_endorser,
        Action.RESUBMIT: is_author_or_endorser,
        Action.WITHDRAW: is_author_or_endorser,
        Action.SEE_RECEIPT: sees_receipt,
        Action.SCREEN: is_screener,
        Action.REOPEN: is_chair,
        Action.CHASE: is_screener,
        Action.READ_SUBMISSION: is_committee,
        Action.CHECK_CLAIM: is_screener,
        Action.EXPORT: sees_receipt,
    }
)

BOARD_RULES: Mapping[BoardAction, tuple[str, ...]] = MappingProxyType(
    {
        BoardAction.SEE_BOARD: (Role.ORGANIZER, Role.CHAIR, Role.AUDITOR),
        BoardAction.EXPORT: (Role.ORGANIZER, Role.CHAIR, Role.AUDITOR),
        BoardAction.SCREEN: (Role.ORGANIZER, Role.CHAIR),
        BoardAction.CHASE: (Role.ORGANIZER, Role.CHAIR),
        BoardAction.IMPORT: (Role.ORGANIZER, Role.CHAIR),
    }
)

# In which states an action makes sense, where it is no move of the workflow.
SENSIBLE: Mapping[Action, frozenset[str]] = MappingProxyType(
    {
        Action.WRITE: frozenset(
            {ProposalStatus.DRAFT, ProposalStatus.RETURNED, ProposalStatus.COMPLETION}
        ),
        Action.AUTHORISE: UNSENT,
        Action.SCREEN: frozenset({ProposalStatus.SUBMITTED, ProposalStatus.COMPLETION}),
        Action.SEE_RECEIPT: RECEIVED,
        Action.READ_SUBMISSION: RECEIVED,
        Action.CHECK_CLAIM: RECEIVED,
        Action.READ: frozenset(ProposalStatus),
        Action.EXPORT: frozenset(ProposalStatus),
        Action.CHASE: frozenset(
            {
                ProposalStatus.DRAFT,
                ProposalStatus.RETURNED,
                ProposalStatus.COMPLETION,
                ProposalStatus.AWAITING,
            }
        ),
    }
)


def may(actor: Actor, action: Action, proposal: Proposal) -> bool:
    return RULES[action](actor, proposal)


def may_on_board(actor: Actor, action: BoardAction, competition: Competition) -> bool:
    return actor.has_seat(competition.pk, *BOARD_RULES[action])


def paths_to_import(actor: Actor, competition: Competition) -> tuple[str, ...]:
    """Where in the tree they may enter drafts from a sheet; nowhere means that they may not.

    The committee for any unit of the host's, an endorser for the own agencies and what is below.
    """
    if may_on_board(actor, BoardAction.IMPORT, competition):
        return (competition.host.path,)
    return tuple(actor.endorser_of.values())


def allowed_actions(actor: Actor, proposal: Proposal) -> frozenset[Action]:
    """The buttons to draw: what this person may do and what makes sense in this state."""
    return frozenset(
        action
        for action in Action
        if is_possible(action, proposal.status) and may(actor, action, proposal)
    )


def is_possible(action: Action, status: str) -> bool:
    if action in SENSIBLE:
        return status in SENSIBLE[action]
    return status in PROPOSAL_FLOW.moves[ProposalMove(action.value)].sources
