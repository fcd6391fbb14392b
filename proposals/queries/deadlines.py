"""Until when the unit and its endorser have time: the rounds, with what was granted to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from accounts.models import Unit
from competitions import timeline
from competitions.models import Competition, Extension, Round
from proposals.models import Proposal
from proposals.workflow import Holder, ProposalStatus


@dataclass(frozen=True, slots=True)
class Window:
    """A round as it holds for one unit; `ends_at` is exclusive."""

    starts_at: datetime
    ends_at: datetime

    def is_open(self, at: datetime) -> bool:
        return self.starts_at <= at < self.ends_at


@dataclass(frozen=True, slots=True)
class Deadlines:
    """`sending` is the author's, `endorsing` the endorser's; none while no round is planned."""

    sending: Window | None
    endorsing: Window | None


def deadlines_of(competition: Competition, *, unit: Unit) -> Deadlines:
    """For reading: nothing is locked."""
    rounds = Round.objects.filter(competition=competition, kind__in=KINDS)
    return _deadlines(rounds, unit=unit)


def deadlines_for_all(competition: Competition) -> Deadlines:
    """Without what single units were granted; an extension for all has moved the round itself."""
    rounds = Round.objects.filter(competition=competition, kind__in=KINDS)
    return deadlines_from(rounds, shifts={}, unit=competition.host)


def lock_deadlines(competition: Competition, *, unit: Unit) -> Deadlines:
    """For deciding: who moves a round waits until this transaction ends, and the reverse.

    A send waits longer than anything else would: told to try again, it might come back too late.
    """
    rounds = Round.objects.raw(
        "SET LOCAL lock_timeout = '20s';"
        " SELECT * FROM competitions_round WHERE competition_id = %s AND kind = ANY(%s)"
        " ORDER BY id FOR SHARE",
        [competition.pk, list(KINDS)],
    )
    return _deadlines(rounds, unit=unit)


def holder_deadline(proposal: Proposal) -> datetime | None:
    """Until when whoever holds the proposal has to act; none when nobody in the unit has to."""
    if proposal.status == ProposalStatus.COMPLETION:
        return proposal.completion_due_at
    deadlines = deadlines_of(proposal.competition, unit=proposal.unit)
    window = deadlines.sending if proposal.status == ProposalStatus.DRAFT else deadlines.endorsing
    return window.ends_at if window and proposal.holder in OF_UNIT else None


OF_UNIT = frozenset({Holder.AUTHOR, Holder.ENDORSER})
KINDS: tuple[str, str] = (Round.Kind.SUBMISSION, Round.Kind.ENDORSEMENT)


def _deadlines(rounds: Iterable[Round], *, unit: Unit) -> Deadlines:
    found = list(rounds)
    return deadlines_from(found, shifts=_shifts_of(found), unit=unit)


def deadlines_from(
    rounds: Iterable[Round], *, shifts: Mapping[int, list[timeline.Shift]], unit: Unit
) -> Deadlines:
    """From rounds and their extensions (by the round's id) that were fetched already."""
    windows = {
        round_.kind: Window(
            round_.starts_at,
            timeline.effective_end(round_.ends_at, shifts.get(round_.pk, []), unit.path),
        )
        for round_ in rounds
    }
    sending = windows.get(Round.Kind.SUBMISSION)
    endorsing = windows.get(Round.Kind.ENDORSEMENT)
    return Deadlines(sending, _for_endorsing(sending, endorsing))


def _shifts_of(rounds: Collection[Round]) -> Mapping[int, list[timeline.Shift]]:
    shifts: defaultdict[int, list[timeline.Shift]] = defaultdict(list)
    for grant in Extension.objects.filter(round__in=rounds).select_related("unit"):
        path = grant.unit.path if grant.unit else None
        shifts[grant.round_id].append(timeline.Shift(grant.old_ends_at, grant.new_ends_at, path))
    return shifts


def _for_endorsing(sending: Window | None, endorsing: Window | None) -> Window | None:
    """An endorser may work from the first day of submission; the round only sets the end."""
    if sending is None or endorsing is None:
        return sending or endorsing
    return Window(sending.starts_at, max(endorsing.ends_at, sending.ends_at))


def database_now() -> datetime:
    """The one clock of deadline decisions; unlike `now()` it moves inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        row: tuple[datetime] = cursor.fetchone()
    return row[0]
