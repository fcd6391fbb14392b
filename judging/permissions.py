"""Who may do what. Pure: the tables below read the actor and columns of the row, no query."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from competitions.models import CommitteeSeat
from competitions.roles import Actor
from judging.models import Assignment, Objection, Publication, Stage
from judging.panels import PanelKind
from judging.workflow import AssignmentStatus, ObjectionStatus, PublicationStatus, StageStatus

Role = CommitteeSeat.Role

ANYONE_SEATED = frozenset({Role.ORGANIZER, Role.CHAIR, Role.AUDITOR})
RUNNERS = frozenset({Role.ORGANIZER, Role.CHAIR})
CHAIR = frozenset({Role.CHAIR})

ALWAYS = frozenset(StageStatus)
SETUP = frozenset({StageStatus.SETUP})
OPEN = frozenset({StageStatus.OPEN})
CLOSED = frozenset({StageStatus.CLOSED})
FROZEN = frozenset({StageStatus.CLOSED, StageStatus.PUBLISHED})


class StageAction(StrEnum):
    VIEW = "view"
    SET_UP = "set_up"
    OPEN = "open"
    ASSIGN = "assign"
    RELIEVE = "relieve"
    REMIND = "remind"
    FORECAST = "forecast"
    FILL = "fill"
    CHANGE_LAW = "change_law"
    ENTER_TOTALS = "enter_totals"
    CLOSE = "close"
    REOPEN = "reopen"
    SECOND_LOOK = "second_look"
    VOTE = "vote"
    CONVENE = "convene"
    REORDER = "reorder"
    CONFIRM_ORDER = "confirm_order"
    SEE_RESULTS = "see_results"
    MINUTE = "minute"
    PROPOSE = "propose"
    SCHEDULE = "schedule"
    CALL = "call"


class PublicationAction(StrEnum):
    VIEW = "view"
    RELEASE = "release"
    WITHDRAW = "withdraw"
    CERTIFY = "certify"
    NOMINATE = "nominate"
    FEEDBACK = "feedback"


class ObjectionAction(StrEnum):
    VIEW = "view"
    APPOINT = "appoint"
    DECIDE = "decide"


class SheetAction(StrEnum):
    SEE_VISIT = "see_visit"
    VISIT = "visit"
    DECLARE = "declare"
    READ = "read"
    SCORE = "score"
    MARK = "mark"
    REVISE = "revise"


# Roles, and the states of the stage in which the action means anything.
STAGE_RULES: dict[StageAction, tuple[frozenset[Role], frozenset[StageStatus]]] = {
    StageAction.VIEW: (ANYONE_SEATED, ALWAYS),
    StageAction.SET_UP: (RUNNERS, SETUP),
    StageAction.OPEN: (RUNNERS, SETUP),
    StageAction.ASSIGN: (RUNNERS, SETUP | OPEN),
    StageAction.RELIEVE: (RUNNERS, OPEN),
    StageAction.REMIND: (RUNNERS, OPEN),
    StageAction.FORECAST: (ANYONE_SEATED, OPEN),
    StageAction.FILL: (RUNNERS, OPEN),
    StageAction.ENTER_TOTALS: (RUNNERS, OPEN),
    StageAction.CHANGE_LAW: (CHAIR, OPEN),
    StageAction.CLOSE: (RUNNERS, OPEN),
    StageAction.REOPEN: (CHAIR, CLOSED),
    StageAction.SECOND_LOOK: (CHAIR, CLOSED),
    StageAction.VOTE: (CHAIR, CLOSED),
    StageAction.CONVENE: (RUNNERS, CLOSED),
    StageAction.REORDER: (CHAIR, CLOSED),
    StageAction.CONFIRM_ORDER: (RUNNERS, CLOSED),
    StageAction.SEE_RESULTS: (ANYONE_SEATED, FROZEN),
    StageAction.MINUTE: (RUNNERS, FROZEN),
    StageAction.PROPOSE: (RUNNERS, CLOSED),
    StageAction.SCHEDULE: (RUNNERS, SETUP | OPEN),
    StageAction.CALL: (RUNNERS, OPEN),
}

PUBLICATION_RULES: dict[PublicationAction, tuple[frozenset[Role], frozenset[PublicationStatus]]] = {
    PublicationAction.VIEW: (ANYONE_SEATED, frozenset(PublicationStatus)),
    PublicationAction.RELEASE: (RUNNERS, frozenset({PublicationStatus.PROPOSED})),
    PublicationAction.WITHDRAW: (
        CHAIR,
        frozenset({PublicationStatus.PROPOSED, PublicationStatus.RELEASED}),
    ),
    PublicationAction.CERTIFY: (ANYONE_SEATED, frozenset({PublicationStatus.RELEASED})),
    PublicationAction.NOMINATE: (RUNNERS, frozenset({PublicationStatus.RELEASED})),
    PublicationAction.FEEDBACK: (CHAIR, frozenset({PublicationStatus.RELEASED})),
}


class _OfCompetition(Protocol):
    @property
    def competition_id(self) -> int: ...


def _sits(actor: Actor, subject: _OfCompetition, roles: frozenset[Role]) -> bool:
    return actor.has_seat(subject.competition_id, *roles)


def may(actor: Actor, action: StageAction, stage: Stage) -> bool:
    """Totals are entered for judges who score on paper, and for no others."""
    roles, states = STAGE_RULES[action]
    if action is StageAction.ENTER_TOTALS and stage.scored_on != Stage.ScoredOn.PAPER:
        return False
    return stage.status in states and _sits(actor, stage, roles)


def may_publish(actor: Actor, action: PublicationAction, publication: Publication) -> bool:
    """Release is for a second person; a chair may withdraw even what the chair proposed."""
    roles, states = PUBLICATION_RULES[action]
    if action is PublicationAction.RELEASE and publication.proposed_by_id == actor.user_id:
        return False
    if action is PublicationAction.NOMINATE and publication.unveiled_at is None:
        return False  # the unit would learn of its place
    return publication.status in states and _sits(actor, publication, roles)


def may_answer(actor: Actor, action: ObjectionAction, objection: Objection) -> bool:
    """Expects `objection.publication` to be loaded. The service asks who had a hand in it."""
    if action is ObjectionAction.VIEW:
        return _sits(actor, objection.publication, ANYONE_SEATED)
    if objection.status != ObjectionStatus.OPEN:
        return False
    if action is ObjectionAction.APPOINT:
        return _sits(actor, objection.publication, RUNNERS)
    return actor.user_id is not None and objection.officer_id == actor.user_id


def may_judge(actor: Actor, action: SheetAction, assignment: Assignment) -> bool:
    """Expects `assignment.panelist` and `assignment.entry.stage` to be loaded."""
    if actor.user_id is None or assignment.panelist.user_id != actor.user_id:
        return False
    return SHEET_RULES[action](assignment)


def may_score_offline(stage: Stage) -> bool:
    """Expects one of the actor's own stages."""
    return stage.status == StageStatus.OPEN and stage.scored_on == Stage.ScoredOn.PORTAL


def _is_open(assignment: Assignment) -> bool:
    return assignment.entry.stage.status == StageStatus.OPEN


def _is_on_portal(assignment: Assignment) -> bool:
    """What is scored on paper is entered by the committee and by nobody else."""
    return assignment.entry.stage.scored_on == Stage.ScoredOn.PORTAL


def _declares(assignment: Assignment) -> bool:
    return _is_open(assignment) and assignment.status == AssignmentStatus.PENDING


def _reads(assignment: Assignment) -> bool:
    is_recused = assignment.status == AssignmentStatus.RECUSED
    return assignment.declared_at is not None and not is_recused


def _scores(assignment: Assignment) -> bool:
    is_declared = assignment.declared_at is not None
    return _declares(assignment) and is_declared and _is_on_portal(assignment)


def _marks(assignment: Assignment) -> bool:
    return _is_open(assignment) and _reads(assignment)


def _revises(assignment: Assignment) -> bool:
    is_submitted = assignment.status == AssignmentStatus.SUBMITTED
    return _is_open(assignment) and is_submitted and _is_on_portal(assignment)


def _sees_visit(assignment: Assignment) -> bool:
    return assignment.panelist.kind == PanelKind.FIELD and _reads(assignment)


def _visits(assignment: Assignment) -> bool:
    return _is_open(assignment) and _sees_visit(assignment)


SHEET_RULES = {
    SheetAction.SEE_VISIT: _sees_visit,
    SheetAction.VISIT: _visits,
    SheetAction.DECLARE: _declares,
    SheetAction.READ: _reads,
    SheetAction.SCORE: _scores,
    SheetAction.MARK: _marks,
    SheetAction.REVISE: _revises,
}


def allowed_actions(actor: Actor, stage: Stage) -> frozenset[str]:
    """The buttons to draw on a stage's page."""
    return frozenset(action for action in StageAction if may(actor, action, stage))


def allowed_objection_actions(actor: Actor, objection: Objection) -> frozenset[str]:
    return frozenset(action for action in ObjectionAction if may_answer(actor, action, objection))


def allowed_publication_actions(actor: Actor, publication: Publication) -> frozenset[str]:
    return frozenset(
        action for action in PublicationAction if may_publish(actor, action, publication)
    )
