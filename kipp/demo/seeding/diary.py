"""The year as dated acts: seeding runs those that lie before the chosen moment, in order."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(order=True, slots=True)
class Act:
    at: datetime
    order: int
    play: Callable[[datetime], object] = field(compare=False)


class Diary:
    """Acts may enter further acts while the year runs: a stage that opens enters its scores."""

    def __init__(self) -> None:
        self.acts: list[Act] = []
        self.entered = 0

    def enter(self, at: datetime, play: Callable[[datetime], object]) -> None:
        self.entered += 1
        heapq.heappush(self.acts, Act(at, self.entered, play))

    def run(self, *, until: datetime) -> int:
        """Play every act up to the moment and return how many were played."""
        played = 0
        while self.acts and self.acts[0].at <= until:
            act = heapq.heappop(self.acts)
            act.play(act.at)
            played += 1
        return played
