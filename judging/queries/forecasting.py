"""How fast judges hand in, from counts and moments alone: no value and no total is read here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Min
from django.db.models.functions import Coalesce, TruncDate

from accounts.audit import trail_of
from judging.forecasting import DAY, Forecast, Pace, Work, chance_by, forecast, is_behind, pace_of
from judging.models import Assignment, Panelist, Stage
from judging.queries.committee import judge_progress
from judging.workflow import AssignmentStatus, SeatStatus

# In the trail; a judge is asked at most once in a pause.
REMINDED = "judge.reminded"
PAUSE = timedelta(days=1)
Daily = Mapping[int, Mapping[date, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeForecast:
    """`chance`: of being done by the end of the round; none without a pace, or when all is in."""

    pk: int
    name: str
    phone: str
    work: Work
    pace: Pace | None
    forecast: Forecast | None
    chance: float | None
    is_behind: bool
    was_reminded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StageForecast:
    """`silent`: judges who owe sheets and have no pace yet, so no forecast holds them."""

    judges: Sequence[JudgeForecast]
    forecast: Forecast | None
    chance: float | None
    silent: int

    @property
    def behind(self) -> list[JudgeForecast]:
        return [judge for judge in self.judges if judge.is_behind]


def forecast_of(stage: Stage, *, at: datetime) -> StageForecast:
    """Who is least likely to be done in time comes first, then who has not begun."""
    works = _works(stage, at=at)
    reminded = _reminded(stage, at=at)
    seats = Panelist.objects.filter(pk__in=works).select_related("user").order_by("user__full_name")
    judges = [
        _judge(seat, works[seat.pk], stage=stage, was_reminded=seat.pk in reminded, at=at)
        for seat in seats
    ]
    paces = [judge.pace for judge in judges if judge.pace]
    end = stage.round.ends_at
    return StageForecast(
        judges=sorted(judges, key=_urgency),
        forecast=forecast(paces, at=at),
        chance=chance_by(paces, days=(end - at) / DAY) if paces else None,
        silent=sum(1 for judge in judges if judge.work.left > 0 and not judge.pace),
    )


def _judge(
    seat: Panelist, work: Work, *, stage: Stage, was_reminded: bool, at: datetime
) -> JudgeForecast:
    pace, end = pace_of(work, at=at), stage.round.ends_at
    since = stage.opened_at or stage.round.starts_at
    return JudgeForecast(
        pk=seat.pk,
        name=str(seat.user),
        phone=seat.user.phone,
        work=work,
        pace=pace,
        forecast=forecast([pace], at=at) if pace else None,
        chance=chance_by([pace], days=(end - at) / DAY) if pace else None,
        is_behind=is_behind(work, pace, since=since, at=at, end=end),
        was_reminded=was_reminded,
    )


def _urgency(judge: JudgeForecast) -> tuple[bool, float, str]:
    return (not judge.is_behind, 0.0 if judge.chance is None else judge.chance, judge.name)


def _works(stage: Stage, *, at: datetime) -> dict[int, Work]:
    """Of whoever sits and has sheets."""
    zone = ZoneInfo(stage.competition.time_zone)
    begun = dict(
        Assignment.objects.filter(entry__stage=stage)
        .order_by()
        .values_list("panelist")
        .annotate(first=Min(Coalesce("declared_at", "started_at", "submitted_at")))
    )
    daily = _daily(stage, zone=zone)
    rows = judge_progress(stage).filter(status=SeatStatus.ACCEPTED)
    return {
        row["pk"]: Work(
            owed=row["owed_count"],
            done=row["done_count"],
            opened_at=begun[row["pk"]],
            daily=_series(daily[row["pk"]], since=begun[row["pk"]], at=at, zone=zone),
        )
        for row in rows
        if row["owed_count"]
    }


def _daily(stage: Stage, *, zone: ZoneInfo) -> Daily:
    found: dict[int, dict[date, int]] = defaultdict(dict)
    rows = (
        Assignment.objects.filter(entry__stage=stage, status=AssignmentStatus.SUBMITTED)
        .order_by()
        .annotate(day=TruncDate("submitted_at", tzinfo=zone))
        .values_list("panelist", "day")
        .annotate(count=Count("pk"))
    )
    for seat, day, count in rows:
        found[seat][day] = count
    return found


def _series(
    counts: Mapping[date, int], *, since: datetime | None, at: datetime, zone: ZoneInfo
) -> list[int]:
    if since is None:
        return []
    first, last = since.astimezone(zone).date(), at.astimezone(zone).date()
    return [
        counts.get(first + timedelta(days=number), 0)
        for number in range(max((last - first).days, 0) + 1)
    ]


def _reminded(stage: Stage, *, at: datetime) -> set[int]:
    told = trail_of(stage).filter(action=REMINDED, at__gt=at - PAUSE)
    return set(told.values_list("data__panelist", flat=True))
