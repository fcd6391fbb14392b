from __future__ import annotations

from judging.models.panel import AssignmentDraft, Panel, Panelist
from judging.models.results import (
    Addendum,
    Award,
    Publication,
    Ranking,
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
    "Panel",
    "Panelist",
    "Publication",
    "Ranking",
    "Score",
    "SignedMinutes",
    "Stage",
    "Standing",
]
