"""Which readings are missing in an open stage, and who could take them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from judging.assigning import assign_panels
from judging.models import Entry, Panelist, Stage
from judging.queries.planning import entries_by_receipt, situation_of


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReading:
    panelist: Panelist
    entry: Entry
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """An entry that nobody on the panel can take; `reason` as in `judging.assigning.Shortage`."""

    entry: Entry
    missing: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    readings: Sequence[NewReading]
    gaps: Sequence[Gap]

    @property
    def fingerprint(self) -> str:
        """The same for the same new readings: what was shown is what is done."""
        pairs = sorted((each.panelist.pk, each.entry.pk) for each in self.readings)
        return hashlib.sha256(repr(pairs).encode()).hexdigest()[:32]


def plan_filling(stage: Stage, *, at: datetime) -> Filling:
    """Keep every sheet that a judge has; hand out only what is missing."""
    situation = situation_of(stage, at=at)
    entries = entries_by_receipt(stage)
    plan = assign_panels(situation.field, wanted=situation.wanted, seed=stage.seed)
    return Filling(
        readings=[
            NewReading(
                panelist=situation.panel[each.judge],
                entry=entries[each.entry],
                reason=each.reason,
            )
            for each in plan.readings
            if (each.judge, each.entry) not in situation.held
        ],
        gaps=[
            Gap(entry=entries[each.entry], missing=each.missing, reason=each.reason)
            for each in plan.unfilled
        ],
    )
