"""How a competition's proposals came along, day by day: read off the trail."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Min, TextField
from django.db.models.functions import Cast

from accounts.models import AuditEntry
from competitions.models import Competition
from proposals.models import Proposal

# First time that each of these is told of a proposal.
MILESTONES = ("proposal.started", "proposal.sent", "proposal.submitted", "proposal.passed")
MOST_STEPS = 31


@dataclass(frozen=True, slots=True)
class Step:
    """How many had come so far by the end of this day, in the order of `MILESTONES`."""

    day: date
    counts: tuple[int, ...]


def journey_of(competition: Competition, *, at: datetime) -> list[Step]:
    """From the first draft to the last milestone; longer than a month in steps of several days."""
    zone = ZoneInfo(competition.time_zone)
    keys = Proposal.objects.filter(competition=competition).annotate(key=Cast("pk", TextField()))
    firsts = (
        AuditEntry.objects.filter(
            object_type="proposal", object_id__in=keys.values("key"), action__in=MILESTONES
        )
        .values_list("object_id", "action")
        .annotate(first=Min("at"))
        .order_by()
    )
    days: dict[str, Counter[date]] = {action: Counter() for action in MILESTONES}
    for _pk, action, first in firsts:
        days[action][first.astimezone(zone).date()] += 1
    known = [day for counted in days.values() for day in counted]
    if not known:
        return []
    last = min(max(known), at.astimezone(zone).date())
    return [
        Step(day, tuple(_until(day, counted) for counted in days.values()))
        for day in steps_between(min(known), last)
    ]


def _until(day: date, counted: Counter[date]) -> int:
    return sum(count for each, count in counted.items() if each <= day)


def steps_between(first: date, last: date) -> list[date]:
    """Backwards from the last day, so that the newest count is always whole."""
    span = (last - first).days
    width = max(1, -(-(span + 1) // MOST_STEPS))
    days = [last - timedelta(days=back) for back in range(0, span + 1, width)]
    return days[::-1]
