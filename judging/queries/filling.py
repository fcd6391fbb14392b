"""Which readings are missing in an open stage, and who could take them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from judging.assigning import Field, Reader, assign_entries, default_readings
from judging.models import Assignment, Conflict, Entry, Panelist, Stage
from judging.queries.opening import find_kinships
from judging.workflow import AssignmentStatus

Pair = tuple[str, str]


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
    panel = {str(each.pk): each for each in stage.panel.select_related("user")}
    entries = {
        each.submission.receipt: each
        for each in stage.entries.select_related("proposal__unit", "submission__proposal__unit")
    }
    held = frozenset(held_pairs(stage))
    field = Field(
        readers=tuple(Reader(key, each.capacity) for key, each in panel.items()),
        entries=tuple(entries),
        conflicts=barred_pairs(stage, panel, entries, at=at) - held,
        kept=held,
    )
    readings = stage.readings or default_readings(judges=len(panel), entries=len(entries))
    plan = assign_entries(field, readings=readings, seed=stage.seed)
    return Filling(
        readings=[
            NewReading(panelist=panel[each.judge], entry=entries[each.entry], reason=each.reason)
            for each in plan.readings
            if (each.judge, each.entry) not in held
        ],
        gaps=[
            Gap(entry=entries[each.entry], missing=each.missing, reason=each.reason)
            for each in plan.unfilled
        ],
    )


def held_pairs(stage: Stage) -> list[Pair]:
    """Who reads what now; a recused sheet is nobody's."""
    sheets = Assignment.objects.filter(entry__stage=stage)
    rows = sheets.exclude(status=AssignmentStatus.RECUSED)
    return [
        (str(judge), receipt)
        for judge, receipt in rows.values_list("panelist_id", "entry__submission__receipt")
    ]


def barred_pairs(
    stage: Stage, panel: dict[str, Panelist], entries: dict[str, Entry], *, at: datetime
) -> frozenset[Pair]:
    """Conflicts on record, and those that the unit tree shows today."""
    noted = Conflict.objects.filter(entry__stage=stage)
    submissions = [entry.submission for entry in entries.values()]
    kin = find_kinships(list(panel.values()), submissions, at=at)
    return frozenset(
        (str(judge), receipt)
        for judge, receipt in noted.values_list("panelist_id", "entry__submission__receipt")
    ) | {(str(each.panelist.pk), each.submission.receipt) for each in kin}
