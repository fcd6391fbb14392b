from __future__ import annotations

from judging.models.results import (
    Addendum,
    Award,
    Publication,
    Ranking,
    SignedMinutes,
    Standing,
)
from judging.models.scoring import Assignment, Conflict, Entry, Panelist, Score
from judging.models.stage import Criterion, Stage

__all__ = [
    "Addendum",
    "Assignment",
    "Award",
    "Conflict",
    "Criterion",
    "Entry",
    "Panelist",
    "Publication",
    "Ranking",
    "Score",
    "SignedMinutes",
    "Stage",
    "Standing",
]
