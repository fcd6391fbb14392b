"""A page of both projects: alone, then eight people at once, in turns so that noise is shared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from statistics import median

from bench.driving import Load, Person, drive, look, people_of
from bench.plan import CLIENTS, Page
from bench.servers import Side


@dataclass(frozen=True)
class Pace:
    turns: int
    alone_seconds: float
    load_seconds: float


@dataclass
class Figures:
    """What one project took for one page; `turns`: processor milliseconds per answer in each."""

    statements: int
    status: int
    is_expected: bool
    alone: Load = field(default_factory=Load)
    load: Load = field(default_factory=Load)
    turns: list[float] = field(default_factory=list)

    @property
    def cpu_ms(self) -> float:
        return median(self.turns)

    def ratio(self, other: Figures) -> float:
        """The middle of the pairs: what slows the machine down for a moment slows down both."""
        return median(mine / theirs for mine, theirs in zip(self.turns, other.turns, strict=True))


@dataclass
class Runner:
    side: Side
    page: Page
    people: list[Person]
    figures: Figures


def measure(
    pages: Sequence[dict[str, Page]], sides: dict[str, Side], *, pace: Pace
) -> list[dict[str, Figures]]:
    """One page, or several that are held against each other too."""
    tables = [[_start(sides[name], page[name]) for name in sides] for page in pages]
    runners = list(chain.from_iterable(tables))
    if all(runner.figures.is_expected for runner in runners):
        for _turn in range(pace.turns):
            for runner in runners:
                _take_turn(runner, pace)
            runners.reverse()
    return [{runner.side.name: runner.figures for runner in table} for table in tables]


def _start(side: Side, page: Page) -> Runner:
    people = people_of(page)
    seen = [look(person, port=side.port) for person in people[:CLIENTS]]
    figures = Figures(page.statements, seen[0], is_expected=set(seen) == {page.expected})
    return Runner(side, page, people, figures)


def _take_turn(runner: Runner, pace: Pace) -> None:
    port, expected, figures = runner.side.port, runner.page.expected, runner.figures
    alone = runner.people[:1]
    drive(alone, expected=expected, port=port, seconds=pace.alone_seconds, load=figures.alone)
    before, answered = runner.side.cpu_seconds(), len(figures.load.answers)
    drive(runner.people, expected=expected, port=port, seconds=pace.load_seconds, load=figures.load)
    spent = runner.side.cpu_seconds() - before
    figures.turns.append(1000 * spent / (len(figures.load.answers) - answered))
