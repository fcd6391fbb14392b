"""When which fault falls: from a seed alone, so that a run can be played again. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from tests.chaos.planned import JUMPS

# Seconds: within which an act's faults begin, and how long each lasts.
ACT, LEAST, MOST = 12.0, 0.5, 5.0


@dataclass(frozen=True)
class Step:
    """Seconds since the act began, and for how long."""

    at: float
    fault: str
    lasts: float


@dataclass(frozen=True)
class Act:
    """Faults that overlap; then all is mended and settles; then the clock moves.

    `is_down`: whoever works in the background is not there while it moves.
    """

    steps: tuple[Step, ...]
    jump: timedelta | None = None
    is_down: bool = False


def schedule(
    seed: int, parts: Mapping[str, str], *, jumps: Iterable[timedelta] = JUMPS
) -> list[Act]:
    """Every fault once, in an order and at moments that only the seed decides.

    `parts` says what each fault hits. By turns, one jump surely happens while everybody runs.
    """
    rng = Random(seed)
    order, moves = list(parts), list(jumps)
    live = moves[seed % len(moves)] if moves else None
    rng.shuffle(order)
    rng.shuffle(moves)
    acts: list[Act] = []
    for number in range(len(moves) + 1):
        share = order[number :: len(moves) + 1]
        steps = _steps({fault: parts[fault] for fault in share}, rng)
        jump = moves[number] if number < len(moves) else None
        is_down = jump is not None and rng.random() < 0.5
        acts.append(Act(tuple(steps), jump, is_down=is_down and jump != live))
    return acts


def _steps(parts: Mapping[str, str], rng: Random) -> list[Step]:
    """They overlap, but nothing is hit again before it was mended."""
    free_at: dict[str, float] = {}
    steps = []
    for fault, part in parts.items():
        lasts = round(rng.uniform(LEAST, MOST), 1)
        at = round(max(rng.uniform(0, ACT), free_at.get(part, 0.0)), 1)
        free_at[part] = at + lasts + 1
        steps.append(Step(at, fault, lasts))
    return sorted(steps, key=lambda step: step.at)


def lines_of(acts: Iterable[Act]) -> list[str]:
    lines = []
    for number, act in enumerate(acts, start=1):
        lines += [
            f"act {number}  {step.at:5.1f} s  {step.fault}, {step.lasts:.1f} s"
            for step in act.steps
        ]
        if act.jump is not None:
            place = "while worker and beat are down" if act.is_down else "while all run"
            lines.append(f"act {number}    then   clock {show(act.jump)}, {place}")
    return lines


def show(jump: timedelta) -> str:
    sign = "-" if jump < timedelta() else "+"
    return f"{sign}{abs(jump)}"


def in_words(jump: timedelta) -> str:
    """One that nobody was stopped for."""
    return f"clock {show(jump)} while all run"
