"""Who may do what with a competition: one table. The clock and the workflow are not asked here."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from competitions.models import CommitteeSeat, Competition
from competitions.roles import Actor

Role = CommitteeSeat.Role
Rule = Callable[[Actor, Competition], bool]


class Action(StrEnum):
    VIEW_SETUP = "view_setup"
    EDIT_SETUP = "edit_setup"
    PUBLISH = "publish"
    ARCHIVE = "archive"
    EXTEND = "extend"
    ANNOUNCE = "announce"
    SEAT_COMMITTEE = "seat_committee"
    CLONE = "clone"
    VIEW_ATTENDANCE = "view_attendance"
    MARK_ATTENDANCE = "mark_attendance"
    SIGN_UP = "sign_up"


def _holds(*roles: str) -> Rule:
    def rule(actor: Actor, competition: Competition) -> bool:
        return actor.has_seat(competition.pk, *roles)

    return rule


def _belongs_to_the_host(actor: Actor, competition: Competition) -> bool:
    """Author or endorser of a unit below the host; the competition comes with its host."""
    paths = [*actor.author_of.values(), *actor.endorser_of.values()]
    return any(path.startswith(competition.host.path) for path in paths)


COMMITTEE = _holds()
RUNS = _holds(Role.ORGANIZER, Role.CHAIR)
CHAIR = _holds(Role.CHAIR)

RULES: dict[Action, Rule] = {
    Action.VIEW_SETUP: COMMITTEE,
    Action.EDIT_SETUP: RUNS,
    Action.PUBLISH: RUNS,
    Action.ARCHIVE: CHAIR,
    Action.EXTEND: RUNS,
    Action.ANNOUNCE: RUNS,
    Action.SEAT_COMMITTEE: CHAIR,
    Action.CLONE: RUNS,
    Action.VIEW_ATTENDANCE: COMMITTEE,
    Action.MARK_ATTENDANCE: RUNS,
    Action.SIGN_UP: _belongs_to_the_host,
}


def may(actor: Actor, action: Action, competition: Competition) -> bool:
    return RULES[action](actor, competition)


def allowed_actions(actor: Actor, competition: Competition) -> frozenset[Action]:
    """The buttons to draw, before the workflow is asked."""
    return frozenset(action for action in Action if may(actor, action, competition))
