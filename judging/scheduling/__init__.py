"""Who presents when and where. Pure: places and wishes in, an arrangement out."""

from __future__ import annotations

from judging.scheduling.arranging import Arrangement, arrange_teams
from judging.scheduling.grid import Pause, Place, Span, cut_places, parse_pause, touching_spans
from judging.scheduling.wishes import Absence, Team, Unmet, Want, Wish, clashes_of, unmet_at

__all__ = [
    "Absence",
    "Arrangement",
    "Pause",
    "Place",
    "Span",
    "Team",
    "Unmet",
    "Want",
    "Wish",
    "arrange_teams",
    "clashes_of",
    "cut_places",
    "parse_pause",
    "touching_spans",
    "unmet_at",
]
