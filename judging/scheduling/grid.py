"""From days, rooms and pauses to the places that can be given out. Moments are local ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import pairwise

from judging.ranking.errors import RuleError, gettext_noop

PAUSE = re.compile(r"(\d{1,2})[.:](\d\d)\s*[-\u2013]\s*(\d{1,2})[.:](\d\d)")
# A day of one-minute slots in fifty rooms is a slip of the finger.
MOST_PLACES = 2_000


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From a moment up to another, which no longer belongs to it."""

    starts: datetime
    ends: datetime

    def meets(self, other: Span) -> bool:
        return self.starts < other.ends and other.starts < self.ends


@dataclass(frozen=True, slots=True, order=True)
class Pause:
    """A time of every day in which nobody presents."""

    starts: time
    ends: time

    def __str__(self) -> str:
        return f"{self.starts:%H:%M}-{self.ends:%H:%M}"

    def on(self, moment: datetime) -> Span:
        return Span(
            datetime.combine(moment, self.starts, moment.tzinfo),
            datetime.combine(moment, self.ends, moment.tzinfo),
        )


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """One slot of one room."""

    span: Span
    room: str


def parse_pause(text: str) -> Pause:
    """Read 12:00-13:00, or 12.00 - 13.00 as people write it."""
    found = PAUSE.fullmatch(text.strip())
    try:
        numbers = [int(part) for part in found.groups()] if found else [0] * 4
        starts, ends = time(numbers[0], numbers[1]), time(numbers[2], numbers[3])
    except ValueError:
        starts = ends = time.min
    if ends <= starts:
        raise RuleError(
            gettext_noop("Write each break as 12.00-13.00, the end after the start: %(text)s"),
            code="pause",
            text=text.strip()[:40],
        )
    return Pause(starts, ends)


def cut_places(
    spans: Sequence[Span], *, rooms: Sequence[str], pauses: Sequence[Pause], minutes: int
) -> list[Place]:
    """Every whole slot between the pauses, in order of time; a rest at the end is left over."""
    if minutes < 1:
        raise RuleError(gettext_noop("A slot lasts one minute at least."), code="length")
    length = timedelta(minutes=minutes)
    starts = sum(int((span.ends - span.starts) / length) for span in spans)
    if starts * len(rooms) > MOST_PLACES:
        raise RuleError(
            gettext_noop("That makes more than %(most)s slots. Check days and slot length."),
            code="too_many",
            most=MOST_PLACES,
        )
    cut = [each for span in sorted(spans) for each in _slots_of(span, pauses, length=length)]
    return [Place(span, room) for span in cut for room in rooms]


def _slots_of(span: Span, pauses: Sequence[Pause], *, length: timedelta) -> Iterator[Span]:
    at = span.starts
    while at + length <= span.ends:
        slot = Span(at, at + length)
        broken = [pause.on(at) for pause in pauses if pause.on(at).meets(slot)]
        if broken:
            at = max(pause.ends for pause in broken)
            continue
        yield slot
        at = slot.ends


def touching_spans(spans: Sequence[Span]) -> list[Span]:
    """Those that begin before the one before them is over."""
    return [after for before, after in pairwise(sorted(spans)) if before.meets(after)]
