"""The optimiser: a place for every team, as a mixed-integer programme with a drawn order."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from judging.ranking.errors import RuleError, gettext_noop
from judging.scheduling.grid import Place
from judging.scheduling.wishes import Absence, Team, Unmet, Want, unmet_at

# In this order: a place for everybody, judges who are there, the units' wishes, no gaps, chance.
NO_PLACE_COST = 1_000_000.0
COST = {Want.JUDGE: 10_000.0}
WISH_COST = 1_000.0
# Chance parts what is equal and never outweighs one step in time.
CHANCE = 0.9
# So that the same draft comes out on a slow machine as on a fast one.
NODES = 2_000

Cell = tuple[int, int]
"""A row and a column of the programme; every coefficient is 1."""


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
    line, grid = sorted(teams, key=lambda team: team.key), sorted(places)
    chosen = _solve(line, grid, absences=absences, seed=seed)
    placed = {line[team].key: grid[place] for team, place in chosen}
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


def _solve(
    teams: Sequence[Team], places: Sequence[Place], *, absences: Sequence[Absence], seed: int
) -> list[Cell]:
    """One column per pair of team and place, then one per team for having none."""
    if not teams:
        return []
    # SciPy costs a second and 74 MB, so only whoever drafts a timetable pays for it.
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_array

    pairs = [(team, place) for team in range(len(teams)) for place in range(len(places))]
    costs = _costs(teams, places, absences=absences, seed=seed) + [NO_PLACE_COST] * len(teams)
    cells = list(_cells(teams, places, pairs=pairs))
    rows, columns = (np.array(part) for part in zip(*cells, strict=True))
    matrix = coo_array((np.ones(len(cells)), (rows, columns)))
    low = np.where(np.arange(matrix.shape[0]) < len(teams), 1, 0)
    answer = milp(
        np.array(costs),
        constraints=LinearConstraint(matrix, lb=low, ub=1),
        integrality=np.ones(len(costs), dtype=np.int64),
        bounds=Bounds(0, 1),
        options={"node_limit": NODES, "mip_rel_gap": 0},
    )
    if answer.x is None:
        raise RuleError(
            gettext_noop("No timetable was found. Add a room or a day, or free judges."),
            code="unsolved",
        )
    return [pair for pair, value in zip(pairs, answer.x, strict=False) if value > 0.5]


def _costs(
    teams: Sequence[Team], places: Sequence[Place], *, absences: Sequence[Absence], seed: int
) -> list[float]:
    chance = random.Random(seed)  # noqa: S311 - a lottery that anybody can repeat
    steps = {span: step for step, span in enumerate(sorted({place.span for place in places}))}
    return [
        steps[place.span]
        + CHANCE * chance.random() / len(teams)
        + sum(
            COST.get(broken.want, WISH_COST)
            for broken in unmet_at(team, place.span, absences=absences)
        )
        for team in teams
        for place in places
    ]


def _cells(
    teams: Sequence[Team], places: Sequence[Place], *, pairs: Sequence[Cell]
) -> Iterator[Cell]:
    """Rows: a place for each team, a team for each place, a room for each judge at each time."""
    for column, (team, place) in enumerate(pairs):
        yield team, column
        yield len(teams) + place, column
    for team in range(len(teams)):
        yield team, len(pairs) + team
    first = len(teams) + len(places)
    for row, columns in enumerate(_columns_of_judges(teams, places), start=first):
        for column in columns:
            yield row, column


def _columns_of_judges(teams: Sequence[Team], places: Sequence[Place]) -> Iterator[list[int]]:
    """Where several rooms are in use at once, the columns that a judge could be wanted in."""
    heard: dict[str, list[int]] = defaultdict(list)
    for team, each in enumerate(teams):
        for judge in sorted(each.judges):
            heard[judge].append(team)
    for start in sorted({place.span.starts for place in places}):
        running = [
            number
            for number, place in enumerate(places)
            if place.span.starts <= start < place.span.ends
        ]
        if len(running) > 1:
            for own in heard.values():
                yield [team * len(places) + place for team in own for place in running]
