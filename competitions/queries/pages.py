"""Competitions as the public sees them: what runs now, what comes next, the whole schedule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Max, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from competitions import timeline
from competitions.models import Competition, Extension, Round
from competitions.queries.deadlines import shifts_of
from competitions.workflow import CompetitionStatus
from kipp.lib import charts, clock


@dataclass(frozen=True, slots=True)
class Countdown:
    """What happens next, in words, and when: `ends_at` is the moment itself."""

    label: str
    ends_at: datetime
    shown: str
    days_left: str


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A line of the schedule. `earlier` are the ends that were announced before: struck out."""

    round: Round
    state: timeline.State
    starts: str
    ends: str
    earlier: tuple[str, ...]
    letters: tuple[Extension, ...]


@dataclass(frozen=True, slots=True)
class Card:
    competition: Competition
    open_rounds: tuple[str, ...]
    countdown: Countdown | None
    steps: list[charts.Step]


@dataclass(frozen=True, slots=True)
class Schedule:
    rows: tuple[RoundRow, ...]
    steps: list[charts.Step]
    countdown: Countdown | None


def with_rounds(competitions: QuerySet[Competition]) -> QuerySet[Competition]:
    """With all that a schedule reads, in a constant number of queries."""
    extensions = Extension.objects.select_related("unit")
    rounds = Round.objects.prefetch_related(Prefetch("extensions", queryset=extensions))
    return competitions.select_related("host").prefetch_related(Prefetch("rounds", queryset=rounds))


def running_competitions(at: datetime) -> tuple[Card, ...]:
    """Published competitions whose last round is not over yet; what closes first stands first."""
    published = Competition.objects.filter(status=CompetitionStatus.PUBLISHED).alias(
        last_end=Max("rounds__ends_at"), last_extended=Max("rounds__extensions__new_ends_at")
    )
    running = published.filter(Q(last_end__gt=at) | Q(last_extended__gt=at))
    cards = [card_of(competition, at=at) for competition in with_rounds(running)]
    return tuple(sorted(cards, key=lambda card: (card.countdown is None, _moment(card))))


def card_of(competition: Competition, *, at: datetime) -> Card:
    """The competition must come from `with_rounds`."""
    periods = [period_of(round_) for round_ in competition.rounds.all()]
    names = tuple(period.name for period in timeline.open_periods(periods, at=at))
    schedule = schedule_of(competition, at=at)
    return Card(competition, names, schedule.countdown, schedule.steps)


def schedule_of(
    competition: Competition, *, at: datetime, unit_path: str | None = None
) -> Schedule:
    """The whole line, for everybody or as it stands for one unit."""
    rows = tuple(
        _row(round_, competition=competition, at=at, unit_path=unit_path)
        for round_ in competition.rounds.all()
    )
    return Schedule(
        rows, _steps(rows, competition=competition, at=at), countdown_of(competition, at=at)
    )


def countdown_of(competition: Competition, *, at: datetime) -> Countdown | None:
    """The open round that ends first; without one, whatever comes next."""
    periods = [period_of(round_) for round_ in competition.rounds.all()]
    open_now = timeline.open_periods(periods, at=at)
    if open_now:
        return _countdown(open_now[0], is_end=True, competition=competition, at=at)
    found = timeline.next_milestone(periods, at=at)
    if found is None:
        return None
    return _countdown(found.period, is_end=found.is_end, competition=competition, at=at)


def period_of(round_: Round, *, unit_path: str | None = None) -> timeline.Period:
    shifts = shifts_of(round_)
    ends_at = timeline.effective_end(round_.ends_at, shifts, unit_path)
    return timeline.Period(round_.key, round_.name, round_.starts_at, ends_at, shifts)


def _row(
    round_: Round, *, competition: Competition, at: datetime, unit_path: str | None
) -> RoundRow:
    zone = competition.time_zone
    period = period_of(round_, unit_path=unit_path)
    earlier = timeline.earlier_ends(round_.ends_at, period.shifts, unit_path)
    return RoundRow(
        round=round_,
        state=timeline.state_at(period.starts_at, period.ends_at, at=at),
        starts=clock.show_moment(period.starts_at, zone=zone),
        ends=clock.show_end(period.ends_at, zone=zone),
        earlier=tuple(clock.show_end(end, zone=zone) for end in earlier),
        letters=tuple(
            extension
            for extension, shift in zip(round_.extensions.all(), period.shifts, strict=True)
            if shift.covers(unit_path)
        ),
    )


def _steps(
    rows: Iterable[RoundRow], *, competition: Competition, at: datetime
) -> list[charts.Step]:
    zone = competition.time_zone
    periods = [
        charts.Period(
            row.round.name,
            row.round.starts_at,
            row.round.ends_at,
            dates=show_days(row.round.starts_at, row.round.ends_at, zone=zone),
            note=_("Extended; before: %(end)s") % {"end": row.earlier[-1]} if row.earlier else "",
        )
        for row in rows
    ]
    return charts.timeline_steps(periods, at=at)


def show_days(starts_at: datetime, ends_at: datetime, *, zone: str) -> str:
    """The first and the last day; one day if they are the same."""
    local = ZoneInfo(zone)
    first = starts_at.astimezone(local).date()
    last = clock.last_minute(ends_at, zone=zone).astimezone(local).date()
    return clock.show_period(first, last)


def _countdown(
    period: timeline.Period, *, is_end: bool, competition: Competition, at: datetime
) -> Countdown:
    zone = competition.time_zone
    if is_end:
        label = _("%(round)s closes in") % {"round": period.name}
        shown = clock.show_end_everywhere(period.ends_at, zone=zone)
        left = clock.show_days_left(period.ends_at, at=at, zone=zone)
        return Countdown(label, period.ends_at, shown, left)
    label = _("%(round)s begins in") % {"round": period.name}
    shown = clock.show_moment_everywhere(period.starts_at, zone=zone)
    left = clock.show_days_left(period.starts_at, at=at, zone=zone)
    return Countdown(label, period.starts_at, shown, left)


def _moment(card: Card) -> tuple[datetime, str]:
    moment = card.countdown.ends_at if card.countdown else card.competition.created_at
    return moment, card.competition.slug
