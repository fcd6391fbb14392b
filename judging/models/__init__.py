from __future__ import annotations

from judging.models.feedback import Feedback, FeedbackNote
from judging.models.objections import Objection
from judging.models.panel import AssignmentDraft, Panel, Panelist
from judging.models.plenary import Plenary, PlenaryItem, Reordering
from judging.models.results import (
    Addendum,
    Award,
    LawChange,
    Publication,
    Ranking,
    Robustness,
    SignedMinutes,
    Standing,
)
from judging.models.scoring import Assignment, Conflict, Entry, NamesakeDismissal, Score
from judging.models.signing import MinutesSignature
from judging.models.stage import Criterion, Stage
from judging.models.timetable import Absence, PresentationDay, Slot, Timetable, Wish
from judging.models.visits import Question, Visit, VisitAnswer, VisitPhoto

__all__ = [
    "Absence",
    "Addendum",
    "Assignment",
    "AssignmentDraft",
    "Award",
    "Conflict",
    "Criterion",
    "Entry",
    "Feedback",
    "FeedbackNote",
    "LawChange",
    "MinutesSignature",
    "NamesakeDismissal",
    "Objection",
    "Panel",
    "Panelist",
    "Plenary",
    "PlenaryItem",
    "PresentationDay",
    "Publication",
    "Question",
    "Ranking",
    "Reordering",
    "Robustness",
    "Score",
    "SignedMinutes",
    "Slot",
    "Stage",
    "Standing",
    "Timetable",
    "Visit",
    "VisitAnswer",
    "VisitPhoto",
    "Wish",
]
