from __future__ import annotations

from judging.models.results import Award, Publication, Ranking, Standing
from judging.models.scoring import Assignment, Conflict, Entry, Panelist, Score
from judging.models.stage import Criterion, Stage

__all__ = [
    "Assignment",
    "Award",
    "Conflict",
    "Criterion",
    "Entry",
    "Panelist",
    "Publication",
    "Ranking",
    "Score",
    "Stage",
    "Standing",
]
