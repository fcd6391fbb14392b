from __future__ import annotations

from judging.models.panel import AssignmentDraft, Panel, Panelist
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
from judging.models.scoring import Assignment, Conflict, Entry, Score
from judging.models.stage import Criterion, Stage

__all__ = [
    "Addendum",
    "Assignment",
    "AssignmentDraft",
    "Award",
    "Conflict",
    "Criterion",
    "Entry",
    "LawChange",
    "Panel",
    "Panelist",
    "Publication",
    "Ranking",
    "Robustness",
    "Score",
    "SignedMinutes",
    "Stage",
    "Standing",
]
