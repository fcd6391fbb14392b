"""What many runs come to: a line for each seed, and which faults really happened. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

# So many seeds leave nothing out by chance.
ENOUGH_SEEDS = 10


@dataclass(frozen=True)
class Outcome:
    """`broken` names promises; `possible` what may happen here, `happened` what somebody met."""

    seed: int
    seconds: float
    answers: int
    mails: int
    broken: tuple[str, ...]
    possible: frozenset[str]
    happened: frozenset[str]


def table_of(outcomes: Sequence[Outcome]) -> list[str]:
    lines = ["", "  seed  verdict  seconds  answers  mails"]
    for one in outcomes:
        verdict = "BROKEN" if one.broken else "kept"
        numbers = f"{one.seconds:>7.0f}  {one.answers:>7}  {one.mails:>5}"
        lines.append(f"{one.seed:>6}  {verdict:<7}  {numbers}  {'; '.join(one.broken)}".rstrip())
    minutes = sum(one.seconds for one in outcomes) / 60
    kept = sum(not one.broken for one in outcomes)
    return [*lines, f"{kept} of {len(outcomes)} kept everything, in {minutes:.1f} minutes."]


def faults_of(outcomes: Sequence[Outcome]) -> list[str]:
    """In how many of the runs each happened."""
    counts = Counter(name for one in outcomes for name in one.happened)
    possible = sorted(frozenset().union(*(one.possible for one in outcomes)))
    lines = [f"{counts[name]:>4} of {len(outcomes)}  {name}" for name in possible]
    return ["", "What happened, and met somebody:", *lines]


def never_happened(outcomes: Sequence[Outcome]) -> list[str]:
    """Of few seeds nothing is asked."""
    if len(outcomes) < ENOUGH_SEEDS:
        return []
    possible = frozenset().union(*(one.possible for one in outcomes))
    return sorted(possible.difference(*(one.happened for one in outcomes)))
