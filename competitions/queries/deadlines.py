"""Until when, for whom, and the lock under which that is decided."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Unit
from competitions import timeline
from competitions.models import Extension, Round


def effective_end(round_: Round, unit: Unit | None = None) -> datetime:
    """The end that counts for the unit, extensions included (prefetch `extensions__unit`)."""
    return timeline.effective_end(round_.ends_at, shifts_of(round_), unit.path if unit else None)


def shifts_of(round_: Round) -> tuple[timeline.Shift, ...]:
    return tuple(shift_of(extension) for extension in round_.extensions.all())


def shift_of(extension: Extension) -> timeline.Shift:
    unit = extension.unit
    return timeline.Shift(extension.old_ends_at, extension.new_ends_at, unit.path if unit else None)


def hold_round(pk: int) -> Round:
    """The round under the lock of the one who moves its dates."""
    return Round.objects.select_for_update(of=["self"]).select_related("competition").get(pk=pk)
