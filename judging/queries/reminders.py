from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q

from accounts.models import User
from competitions.models import Competition
from judging.models import Panelist
from judging.workflow import AssignmentStatus, StageStatus


@dataclass(frozen=True, slots=True)
class OpenSheets:
    """A judge who owes scorecards: how many, and since when the oldest waits."""

    user: User
    since: datetime
    open_count: int
    round_id: int


def judges_with_open_sheets(competition: Competition) -> list[OpenSheets]:
    """One row per judge and open stage; whoever has finished is not on it."""
    pending = Q(assignments__status=AssignmentStatus.PENDING)
    seats = (
        Panelist.objects.filter(stage__competition=competition, stage__status=StageStatus.OPEN)
        .filter(user__is_active=True)
        .annotate(
            open_count=Count("assignments", filter=pending),
            since=Min("assignments__assigned_at", filter=pending),
        )
        .filter(open_count__gt=0)
        .select_related("user", "stage")
    )
    return [
        OpenSheets(seat.user, seat.since, seat.open_count, seat.stage.round_id) for seat in seats
    ]
