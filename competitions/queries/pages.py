"""Competitions as the public sees them: what runs now, what comes next, the whole schedule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from competitions import timeline
from competitions.models import Competition, Extension, Round
from competitions.queries.deadlines import shift_of, shifts_of
from competitions.workflow import CompetitionStatus
from kipp.lib import charts, clock
from kipp.lib.prepared import Prepared, given


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


# A round as it stands and as the rules see it.
Line = tuple[Round, timeline.Period]


def with_rounds(competitions: QuerySet[Competition]) -> QuerySet[Competition]:
    """With all that a schedule reads, in a constant number of queries."""
    extensions = Extension.objects.select_related("unit")
    rounds = Round.objects.prefetch_related(Prefetch("extensions", queryset=extensions))
    return competitions.select_related("host").prefetch_related(Prefetch("rounds", queryset=rounds))


CALLED = Prepared(lambda: Competition.objects.filter(slug=given("slug")).select_related("host"))


def competition_called(slug: str) -> Competition | None:
    """Whoever asks: the caller decides who may know of it."""
    return CALLED.first(slug=slug)


def _running(at: datetime) -> QuerySet[Competition]:
    ahead = Round.objects.filter(Q(ends_at__gt=at) | Q(extensions__new_ends_at__gt=at))
    return Competition.objects.filter(
        status=CompetitionStatus.PUBLISHED, pk__in=ahead.order_by().values("competition")
    ).order_by()


RUNNING = Prepared(
    lambda: (
        _running(given("at"))
        .select_related("host")
        .only("slug", "name", "theme", "time_zone", "created_at", "host__name")
    )
)
MOVES = Prepared(
    lambda: Extension.objects.filter(round__competition__in=_running(given("at"))).values_list(
        "round", "old_ends_at", "new_ends_at", "unit__path"
    )
)
ROUNDS = Prepared(lambda: Round.objects.filter(competition__in=_running(given("at"))))


def running_competitions(at: datetime) -> tuple[Card, ...]:
    """Published competitions whose last round is not over yet; what closes first stands first."""
    competitions, lines = RUNNING.ask(at=at), _lines_at(at)
    cards = [_card(each, line=lines.get(each.pk, []), at=at) for each in competitions]
    return tuple(sorted(cards, key=lambda card: (card.countdown is None, _moment(card))))


def _lines_at(at: datetime) -> dict[int, list[Line]]:
    """The rounds of each running competition in their order, two queries for all."""
    granted: dict[int, list[timeline.Shift]] = {}
    for pk, old, new, path in MOVES.ask(at=at):
        granted.setdefault(pk, []).append(timeline.Shift(old, new, path))
    lines: dict[int, list[Line]] = {}
    for round_ in ROUNDS.ask(at=at):
        period = _period(round_, shifts=tuple(granted.get(round_.pk, ())))
        lines.setdefault(round_.competition_id, []).append((round_, period))
    return lines


def _card(competition: Competition, *, line: Sequence[Line], at: datetime) -> Card:
    zone = competition.time_zone
    periods = [period for _round, period in line]
    names = tuple(period.name for period in timeline.open_periods(periods, at=at))
    steps = [_step(round_, shifts=period.shifts, zone=zone) for round_, period in line]
    countdown = _next_countdown(periods, zone=zone, at=at)
    return Card(competition, names, countdown, charts.timeline_steps(steps, at=at))


OF_ONE = Prepared(lambda: Round.objects.filter(competition=given("competition")))
GRANTED = Prepared(
    lambda: Extension.objects.filter(round__competition=given("competition")).select_related("unit")
)


def schedule_of(competition: Competition, *, at: datetime) -> Schedule:
    """The whole line, as it stands for everybody."""
    zone = competition.time_zone
    granted: defaultdict[int, list[Extension]] = defaultdict(list)
    for extension in GRANTED.ask(competition=competition.pk):
        granted[extension.round_id].append(extension)
    rounds = OF_ONE.ask(competition=competition.pk)
    periods = [
        _period(each, shifts=tuple(shift_of(extension) for extension in granted[each.pk]))
        for each in rounds
    ]
    lines = list(zip(rounds, periods, strict=True))
    steps = [_step(round_, shifts=period.shifts, zone=zone) for round_, period in lines]
    return Schedule(
        rows=tuple(
            _row(round_, period=period, extensions=granted[round_.pk], zone=zone, at=at)
            for round_, period in lines
        ),
        steps=charts.timeline_steps(steps, at=at),
        countdown=_next_countdown(periods, zone=zone, at=at),
    )


def countdown_of(competition: Competition, *, at: datetime) -> Countdown | None:
    """The open round that ends first; without one, whatever comes next."""
    periods = [_period(each, shifts=shifts_of(each)) for each in competition.rounds.all()]
    return _next_countdown(periods, zone=competition.time_zone, at=at)


def _period(round_: Round, *, shifts: tuple[timeline.Shift, ...]) -> timeline.Period:
    ends_at = timeline.effective_end(round_.ends_at, shifts)
    return timeline.Period(round_.key, round_.name, round_.starts_at, ends_at, shifts)


def _row(
    round_: Round,
    *,
    period: timeline.Period,
    extensions: Sequence[Extension],
    zone: str,
    at: datetime,
) -> RoundRow:
    earlier = timeline.earlier_ends(round_.ends_at, period.shifts)
    return RoundRow(
        round=round_,
        state=timeline.state_at(period.starts_at, period.ends_at, at=at),
        starts=clock.show_moment(period.starts_at, zone=zone),
        ends=clock.show_end(period.ends_at, zone=zone),
        earlier=tuple(clock.show_end(end, zone=zone) for end in earlier),
        letters=tuple(extension for extension in extensions if extension.unit_id is None),
    )


def _step(round_: Round, *, shifts: Sequence[timeline.Shift], zone: str) -> charts.Period:
    earlier = timeline.earlier_ends(round_.ends_at, shifts)
    ended = clock.show_end(earlier[-1], zone=zone) if earlier else ""
    return charts.Period(
        round_.name,
        round_.starts_at,
        round_.ends_at,
        dates=show_days(round_.starts_at, round_.ends_at, zone=zone),
        note=_("Extended; before: %(end)s") % {"end": ended} if earlier else "",
    )


def show_days(starts_at: datetime, ends_at: datetime, *, zone: str) -> str:
    """The first and the last day; one day if they are the same."""
    local = ZoneInfo(zone)
    first = starts_at.astimezone(local).date()
    last = clock.last_minute(ends_at, zone=zone).astimezone(local).date()
    return clock.show_period(first, last)


def _next_countdown(
    periods: Sequence[timeline.Period], *, zone: str, at: datetime
) -> Countdown | None:
    open_now = timeline.open_periods(periods, at=at)
    if open_now:
        return _countdown(open_now[0], is_end=True, zone=zone, at=at)
    found = timeline.next_milestone(periods, at=at)
    if found is None:
        return None
    return _countdown(found.period, is_end=found.is_end, zone=zone, at=at)


def _countdown(period: timeline.Period, *, is_end: bool, zone: str, at: datetime) -> Countdown:
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
