from __future__ import annotations

from collections.abc import Collection

from django.db.models import Count, Min, Q, QuerySet

from accounts.models import User
from competitions.models import Round
from competitions.reminders import Obligation
from judging.models import Panelist, Stage
from judging.workflow import AssignmentStatus, SeatStatus, StageStatus


def judges_of(round_: Round) -> QuerySet[User]:
    """Who sits on the panel of the round's stage, finished or not."""
    seated = Panelist.objects.filter(stage__round=round_, status=SeatStatus.ACCEPTED)
    return User.objects.filter(panel_seats__in=seated, is_active=True).distinct()


def judges_with_open_sheets(
    round_: Round, *, among: Collection[User] | None = None
) -> list[Obligation]:
    """Judges of the round's open stage who owe scorecards; whoever has finished is not on it."""
    pending = Q(assignments__status=AssignmentStatus.PENDING)
    seats = Panelist.objects.filter(
        stage__round=round_,
        stage__status=StageStatus.OPEN,
        stage__scored_on=Stage.ScoredOn.PORTAL,
        status=SeatStatus.ACCEPTED,
        user__is_active=True,
    )
    if among is not None:
        seats = seats.filter(user__in=among)
    owing = seats.annotate(
        open_count=Count("assignments", filter=pending),
        since=Min("assignments__assigned_at", filter=pending),
    ).filter(open_count__gt=0)
    return [
        Obligation(seat.user, None, seat.since, seat.open_count)
        for seat in owing.select_related("user")
    ]
