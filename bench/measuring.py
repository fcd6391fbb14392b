"""One page of both projects: alone, then eight people at once, in turns so that noise is shared."""

from __future__ import annotations

from dataclasses import dataclass, field

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
    """What one project took for one page."""

    statements: int
    status: int
    is_expected: bool
    alone: Load = field(default_factory=Load)
    load: Load = field(default_factory=Load)
    cpu_seconds: float = 0.0

    @property
    def cpu_ms(self) -> float:
        return 1000 * self.cpu_seconds / len(self.load.answers)


@dataclass
class Runner:
    side: Side
    page: Page
    people: list[Person]
    figures: Figures


def measure(page: dict[str, Page], sides: dict[str, Side], *, pace: Pace) -> dict[str, Figures]:
    runners = [_start(sides[name], page[name]) for name in sides]
    if all(runner.figures.is_expected for runner in runners):
        for _turn in range(pace.turns):
            for runner in runners:
                _take_turn(runner, pace)
    return {runner.side.name: runner.figures for runner in runners}


def _start(side: Side, page: Page) -> Runner:
    people = people_of(page)
    seen = [look(person, port=side.port) for person in people[:CLIENTS]]
    figures = Figures(page.statements, seen[0], is_expected=set(seen) == {page.expected})
    return Runner(side, page, people, figures)


def _take_turn(runner: Runner, pace: Pace) -> None:
    port, expected, figures = runner.side.port, runner.page.expected, runner.figures
    alone = runner.people[:1]
    drive(alone, expected=expected, port=port, seconds=pace.alone_seconds, load=figures.alone)
    before = runner.side.cpu_seconds()
    drive(runner.people, expected=expected, port=port, seconds=pace.load_seconds, load=figures.load)
    figures.cpu_seconds += runner.side.cpu_seconds() - before
