"""Until when, for whom, and the lock under which that is decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from accounts.models import Unit
from competitions import timeline
from competitions.models import Competition, Extension, Round

# The row is locked in the CTE, the clock is read above it: after the lock was granted.
SHARE = """
WITH held AS (SELECT id FROM competitions_round WHERE id = %s FOR SHARE)
SELECT clock_timestamp(), clock_timestamp() - statement_timestamp() FROM held
"""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A round's window for one unit, as read under the round's lock.

    `now` is the database's clock once the lock was granted; `waited` is how long that took.
    """

    round: Round
    starts_at: datetime
    ends_at: datetime
    now: datetime
    waited: timedelta

    def admits(self, at: datetime) -> bool:
        """Whether a request of `at`, decided `waited` later, lies inside the window."""
        return self.starts_at <= at and at + self.waited < self.ends_at


def round_for(competition: Competition, kind: str) -> Round | None:
    """The competition's round of this kind; the first one where several are allowed."""
    return competition.rounds.filter(kind=kind).first()


def effective_end(round_: Round, unit: Unit | None = None) -> datetime:
    """The end that counts for the unit, extensions included (prefetch `extensions__unit`)."""
    return timeline.effective_end(round_.ends_at, shifts_of(round_), unit.path if unit else None)


def deadline_for(
    competition: Competition, kind: str, *, unit: Unit | None = None
) -> datetime | None:
    """Until when the round of this kind is open for the unit; None if there is no such round."""
    found = round_for(competition, kind)
    return effective_end(found, unit) if found else None


def shifts_of(round_: Round) -> tuple[timeline.Shift, ...]:
    return tuple(shift_of(extension) for extension in round_.extensions.all())


def shift_of(extension: Extension) -> timeline.Shift:
    unit = extension.unit
    return timeline.Shift(extension.old_ends_at, extension.new_ends_at, unit.path if unit else None)


def share_deadline(competition: Competition, kind: str, *, unit: Unit) -> Deadline | None:
    """Lock the round against a move of its end and read the unit's window; None: no such round.

    Many senders hold it at once; whoever extends waits for them, and they wait for the extension.
    """
    found = round_for(competition, kind)
    if found is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(SHARE, [found.pk])
        held = cursor.fetchone()
    if held is None:
        return None
    found.refresh_from_db()
    extensions = found.extensions.select_related("unit")
    ends_at = timeline.effective_end(
        found.ends_at, [shift_of(extension) for extension in extensions], unit.path
    )
    return Deadline(found, found.starts_at, ends_at, now=held[0], waited=held[1])


def hold_round(pk: int) -> Round:
    """The round under the lock of the one who moves its dates."""
    return Round.objects.select_for_update(of=["self"]).select_related("competition").get(pk=pk)
