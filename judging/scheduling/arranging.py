"""The optimiser: a time for every team, as a mixed-integer programme with a drawn order."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from judging.ranking.errors import RuleError, gettext_noop
from judging.scheduling.grid import Place, Span
from judging.scheduling.wishes import Absence, Team, Unmet, Want, unmet_at

# In this order: a place for everybody, judges who are there, the units' wishes, no gaps, chance.
NO_PLACE_COST = 1_000_000.0
COST = {Want.JUDGE: 10_000.0}
WISH_COST = 1_000.0
# Chance parts what is equal and never outweighs one step in time.
CHANCE = 0.9
# Nodes, not seconds: the same draft comes out on a slow machine as on a fast one. The last
# percents, a few steps of some teams, take longer to prove than all the rest.
NODES, NEAR = 2_000, 0.03
# What the programme without whole numbers leans to this much is taken as decided.
LEANING = 0.7

Cell = tuple[int, int]
"""A row and a column of the programme; every coefficient is 1."""
Rooms = Mapping[Span, Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """`left_over`: teams without a place, because their judges sit elsewhere at every time."""

    seed: int
    placed: Mapping[str, Place]
    left_over: tuple[str, ...]
    unmet: tuple[Unmet, ...]


def arrange_teams(
    teams: Sequence[Team], places: Sequence[Place], *, absences: Sequence[Absence], seed: int
) -> Arrangement:
    if len(teams) > len(places):
        raise RuleError(
            gettext_noop(
                "%(teams)s teams, but only %(places)s slots: add days, rooms or shorten the slots."
            ),
            code="too_few_slots",
            teams=len(teams),
            places=len(places),
        )
    line, rooms = sorted(teams, key=lambda team: team.key), _rooms_by_span(places)
    chosen = _solve(line, rooms, absences=absences, seed=seed)
    placed = _in_rooms(line, chosen, rooms=rooms, seed=seed)
    return Arrangement(
        seed=seed,
        placed=placed,
        left_over=tuple(team.key for team in line if team.key not in placed),
        unmet=tuple(
            broken
            for team in line
            if team.key in placed
            for broken in unmet_at(team, placed[team.key].span, absences=absences)
        ),
    )


def _rooms_by_span(places: Sequence[Place]) -> Rooms:
    """In order of time. Rooms of one time are alike, and told apart only once teams have times."""
    rooms: dict[Span, list[str]] = defaultdict(list)
    for place in sorted(places):
        rooms[place.span].append(place.room)
    return dict(rooms)


def _in_rooms(
    teams: Sequence[Team], chosen: Sequence[Cell], *, rooms: Rooms, seed: int
) -> dict[str, Place]:
    """Who shares a time is drawn into its rooms, the first ones first."""
    spans = list(rooms)
    together: dict[Span, list[str]] = defaultdict(list)
    for team, span in chosen:
        together[spans[span]].append(teams[team].key)
    chance = random.Random(seed)  # noqa: S311 - a lottery that anybody can repeat
    return {
        key: Place(span, room)
        for span in spans
        for key, room in zip(
            chance.sample(together[span], len(together[span])), rooms[span], strict=False
        )
    }


def _solve(
    teams: Sequence[Team], rooms: Rooms, *, absences: Sequence[Absence], seed: int
) -> list[Cell]:
    """One column per pair of team and time, then one per team for having none."""
    if not teams:
        return []
    # SciPy costs a second and 74 MB, so only whoever drafts a timetable pays for it.
    import numpy as np
    from scipy.optimize import LinearConstraint, milp
    from scipy.sparse import coo_array

    spans = list(rooms)
    pairs = [(team, span) for team in range(len(teams)) for span in range(len(spans))]
    costs = _costs(teams, spans, absences=absences, seed=seed) + [NO_PLACE_COST] * len(teams)
    cells = list(_cells(teams, rooms, pairs=pairs))
    rows, columns = (np.array(part) for part in zip(*cells, strict=True))
    matrix = coo_array((np.ones(len(cells)), (rows, columns)))
    low = np.where(np.arange(matrix.shape[0]) < len(teams), 1, 0)
    high = np.ones(matrix.shape[0])
    high[len(teams) : len(teams) + len(spans)] = [len(own) for own in rooms.values()]
    ask = partial(
        milp,
        np.array(costs),
        constraints=LinearConstraint(matrix, lb=low, ub=high),
        options={"node_limit": NODES, "mip_rel_gap": NEAR},
    )
    chosen = _choose(ask, columns=len(costs), slack=len(teams))
    return [pair for pair, is_chosen in zip(pairs, chosen, strict=False) if is_chosen]


def _choose(ask: Callable[..., Any], *, columns: int, slack: float) -> Sequence[bool]:
    """Fractions of teams are quickly placed, and cost no more than whole ones.

    Where they lean to a time, the whole team gets it, and little is left to search. What costs more
    than `slack` above the fractions, as any wish would that is given up for it, is searched anew.
    """
    import numpy as np
    from scipy.optimize import Bounds

    whole, parts = np.ones(columns, dtype=np.int64), ask(bounds=Bounds(0, 1))
    answer = ask(integrality=whole, bounds=Bounds(parts.x > LEANING, 1))
    if answer.x is None or answer.fun > parts.fun + slack:
        answer = ask(integrality=whole, bounds=Bounds(0, 1))
    if answer.x is None:
        raise RuleError(
            gettext_noop("No timetable was found. Add a room or a day, or free judges."),
            code="unsolved",
        )
    return [bool(value > 0.5) for value in answer.x]


def _costs(
    teams: Sequence[Team], spans: Sequence[Span], *, absences: Sequence[Absence], seed: int
) -> list[float]:
    """What no time could give a team costs nothing, so that it widens no tolerance."""
    chance = random.Random(seed)  # noqa: S311 - a lottery that anybody can repeat
    costs: list[float] = []
    for team in teams:
        broken = [
            sum(COST.get(each.want, WISH_COST) for each in unmet_at(team, span, absences=absences))
            for span in spans
        ]
        least = min(broken)
        costs += [
            step + CHANCE * chance.random() / len(teams) + cost - least
            for step, cost in enumerate(broken)
        ]
    return costs


def _cells(teams: Sequence[Team], rooms: Rooms, *, pairs: Sequence[Cell]) -> Iterator[Cell]:
    """Rows: a time for each team, rooms for each time, one room for each judge at each time."""
    for column, (team, span) in enumerate(pairs):
        yield team, column
        yield len(teams) + span, column
    for team in range(len(teams)):
        yield team, len(pairs) + team
    first = len(teams) + len(rooms)
    for row, columns in enumerate(_columns_of_judges(teams, rooms), start=first):
        for column in columns:
            yield row, column


def _columns_of_judges(teams: Sequence[Team], rooms: Rooms) -> Iterator[list[int]]:
    """Where several rooms are in use at once, the columns that a judge could be wanted in."""
    heard: dict[str, list[int]] = defaultdict(list)
    for team, each in enumerate(teams):
        for judge in sorted(each.judges):
            heard[judge].append(team)
    spans = list(rooms)
    for start in sorted({span.starts for span in spans}):
        running = [number for number, span in enumerate(spans) if span.starts <= start < span.ends]
        if sum(len(rooms[spans[number]]) for number in running) > 1:
            for own in heard.values():
                yield [team * len(spans) + span for team in own for span in running]
