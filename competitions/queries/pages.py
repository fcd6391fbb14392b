"""Competitions as the public sees them: what runs now, what comes next, the whole schedule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any
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
    """What happens next, in words, and when: `ends_at` is the moment itself.

    `earlier` names the end that was announced before an extension.
    """

    label: str
    ends_at: datetime
    shown: str
    days_left: str
    earlier: str = ""


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A line of the schedule. `earlier` are the ends that were announced before: struck out.

    `letters` moved it for everybody, `granted` for single units: the committee alone reads those.
    """

    round: Round
    state: timeline.State
    starts: str
    ends: str
    earlier: tuple[str, ...]
    letters: tuple[Extension, ...]
    granted: tuple[tuple[Extension, str], ...]


@dataclass(frozen=True, slots=True)
class Card:
    slug: str
    name: str
    theme: str
    host: str
    open_rounds: tuple[str, ...]
    countdown: Countdown | None
    steps: list[charts.Step]


@dataclass(frozen=True, slots=True)
class Schedule:
    rows: tuple[RoundRow, ...]
    steps: list[charts.Step]
    countdown: Countdown | None


# What people hand in something during; such a round opens and closes.
WINDOWS = frozenset({Round.Kind.SUBMISSION, Round.Kind.ENDORSEMENT, Round.Kind.OBJECTION})
# The end as it stands, and the round as the rules see it.
Line = tuple[datetime, timeline.Period]


def with_rounds(competitions: QuerySet[Competition]) -> QuerySet[Competition]:
    """With all that a schedule reads, in a constant number of queries."""
    extensions = Extension.objects.select_related("unit")
    rounds = Round.objects.select_related("workshop").prefetch_related(
        Prefetch("extensions", queryset=extensions)
    )
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


# Every round in its order, with a row for each of its extensions.
RUNNING = Prepared(
    lambda: (
        Round.objects.filter(competition__in=_running(given("at")))
        .order_by(
            "competition_id",
            *("order", "starts_at", "pk"),
            *("extensions__granted_at", "extensions__pk"),
        )
        .values_list(
            *("competition_id", "pk", "kind", "name", "starts_at", "ends_at"),
            *("extensions__old_ends_at", "extensions__new_ends_at", "extensions__unit__path"),
            *("competition__time_zone", "competition__created_at"),
            *("competition__slug", "competition__name", "competition__theme"),
            "competition__host__name",
        )
    )
)
BY_COMPETITION, BY_ROUND = itemgetter(0), itemgetter(1)


def running_competitions(at: datetime) -> tuple[Card, ...]:
    """Published competitions whose last round is not over yet; what closes first stands first."""
    cards = [
        _card(list(rows), at=at) for _pk, rows in groupby(RUNNING.ask(at=at), key=BY_COMPETITION)
    ]
    return tuple(card for _order, card in sorted(cards, key=itemgetter(0)))


def _card(rows: Sequence[Any], *, at: datetime) -> tuple[tuple[bool, datetime, str], Card]:
    """The card, behind what cards are sorted by."""
    zone, made_at, slug, name, theme, host = rows[0][9:]
    lines = [_line(list(each)) for _pk, each in groupby(rows, key=BY_ROUND)]
    periods = [period for _ends_at, period in lines]
    steps = [_step(period, ends_at=ends_at, zone=zone) for ends_at, period in lines]
    countdown = _next_countdown(periods, zone=zone, at=at)
    card = Card(
        slug=slug,
        name=name,
        theme=theme,
        host=host,
        open_rounds=tuple(each.name for each in timeline.open_periods(periods, at=at)),
        countdown=countdown,
        steps=charts.timeline_steps(steps, at=at),
    )
    return (countdown is None, countdown.ends_at if countdown else made_at, card.slug), card


def _line(rows: Sequence[Any]) -> Line:
    kind, name, starts_at, ends_at = rows[0][2:6]
    shifts = tuple(timeline.Shift(*row[6:9]) for row in rows if row[7])
    return ends_at, _as_period(kind, name, starts_at, ends_at, shifts)


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
    lines = sorted(zip(rounds, periods, strict=True), key=_beginning)
    steps = [_step(period, ends_at=round_.ends_at, zone=zone) for round_, period in lines]
    return Schedule(
        rows=tuple(
            _row(round_, period=period, extensions=granted[round_.pk], zone=zone, at=at)
            for round_, period in lines
        ),
        steps=charts.timeline_steps(steps, at=at),
        countdown=_next_countdown(periods, zone=zone, at=at),
    )


def _beginning(line: tuple[Round, timeline.Period]) -> datetime:
    return line[1].starts_at


def countdown_of(
    competition: Competition, *, at: datetime, unit_paths: Collection[str] = ()
) -> Countdown | None:
    """The open round that ends first; without one, whatever comes next.

    By the ends in force for everybody, or by those of the units at these paths of the tree.
    """
    found = [
        _next_countdown(_periods_for(path, competition), zone=competition.time_zone, at=at)
        for path in unit_paths or (None,)
    ]
    return min(filter(None, found), key=attrgetter("ends_at"), default=None)


def _periods_for(unit_path: str | None, competition: Competition) -> list[timeline.Period]:
    """Whoever may still send may be endorsed: endorsement ends no earlier than submission."""
    periods = {
        each: _period(each, shifts=timeline.granted(shifts_of(each), unit_path))
        for each in competition.rounds.all()
    }
    sent_until = [p.ends_at for each, p in periods.items() if each.kind == Round.Kind.SUBMISSION]
    return [
        replace(period, ends_at=max([period.ends_at, *sent_until]))
        if each.kind == Round.Kind.ENDORSEMENT
        else period
        for each, period in periods.items()
    ]


def _period(round_: Round, *, shifts: tuple[timeline.Shift, ...]) -> timeline.Period:
    return _as_period(round_.kind, round_.name, round_.starts_at, round_.ends_at, shifts)


def _as_period(
    kind: str,
    name: str,
    starts_at: datetime,
    ends_at: datetime,
    shifts: tuple[timeline.Shift, ...],
) -> timeline.Period:
    in_force = timeline.effective_end(ends_at, shifts)
    return timeline.Period(kind, name, starts_at, in_force, shifts)


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
        granted=tuple(
            (extension, clock.show_end(extension.new_ends_at, zone=zone))
            for extension in extensions
            if extension.unit_id is not None
        ),
    )


def _step(period: timeline.Period, *, ends_at: datetime, zone: str) -> charts.Period:
    earlier = timeline.earlier_ends(ends_at, period.shifts)
    ended = clock.show_end(earlier[-1], zone=zone) if earlier else ""
    return charts.Period(
        period.name,
        period.starts_at,
        ends_at,
        dates=show_days(period.starts_at, ends_at, zone=zone),
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
        label = _label_of_end(period)
        earlier = timeline.earlier_ends(period.ends_at, period.shifts)
        return countdown_to(period.ends_at, earlier=earlier, label=label, zone=zone, at=at)
    shown = clock.show_moment_everywhere(period.starts_at, zone=zone)
    left = clock.show_days_left(period.starts_at, at=at, zone=zone)
    return Countdown(_label_of_start(period), period.starts_at, shown, left)


def _label_of_start(period: timeline.Period) -> str:
    said = _("%(round)s begins in") if period.kind in WINDOWS else _("%(round)s starts in")
    return said % {"round": period.name}


def _label_of_end(period: timeline.Period) -> str:
    if period.kind in WINDOWS:
        said = _("%(round)s closes in")
    elif period.kind == Round.Kind.ANNOUNCEMENT:
        said = _("%(round)s goes on for")
    else:
        said = _("%(round)s ends in")
    return said % {"round": period.name}


def countdown_to(
    ends_at: datetime, *, earlier: Sequence[datetime], label: str, zone: str, at: datetime
) -> Countdown:
    """`earlier`: the ends before an extension, of which people remember the last."""
    shown = clock.show_end_everywhere(ends_at, zone=zone)
    left = clock.show_days_left(ends_at, at=at, zone=zone)
    return Countdown(label, ends_at, shown, left, show_earlier(earlier, zone=zone))


def show_earlier(earlier: Sequence[datetime], *, zone: str) -> str:
    if not earlier:
        return ""
    return _("previously %(end)s") % {"end": clock.show_end(earlier[-1], zone=zone)}
