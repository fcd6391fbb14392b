"""Until when the unit and its endorser have time: the rounds, with what was granted to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import connection

from accounts.models import Unit
from competitions import timeline
from competitions.models import Competition, Extension, Round
from kipp.lib.prepared import Prepared, given
from proposals.models import Proposal
from proposals.workflow import Holder, ProposalStatus


@dataclass(frozen=True, slots=True)
class Window:
    """A round as it holds for one unit; ends are exclusive, `earlier` those before extensions."""

    starts_at: datetime
    ends_at: datetime
    earlier: tuple[datetime, ...] = ()

    def is_open(self, at: datetime) -> bool:
        return self.starts_at <= at < self.ends_at


@dataclass(frozen=True, slots=True)
class Deadlines:
    """`sending` is the author's, `endorsing` the endorser's; none while no round is planned."""

    sending: Window | None
    endorsing: Window | None

    def for_sending(self, proposal: Proposal) -> Window | None:
        """What the endorser returned was in on time: it may come back while endorsement is open."""
        was_in_time = proposal.status == ProposalStatus.RETURNED
        return self.endorsing if was_in_time else self.sending

    def are_over_for(self, proposal: Proposal, *, at: datetime) -> bool:
        """Whether anything that its author could send now would come too late."""
        window, until = self.for_sending(proposal), proposal.completion_due_at
        if proposal.status != ProposalStatus.COMPLETION:
            until = window.ends_at if window else None
        return until is not None and at >= until


def deadlines_of(competition: Competition, *, unit: Unit) -> Deadlines:
    """For reading: nothing is locked."""
    rounds = Round.objects.filter(competition=competition, kind__in=KINDS)
    return _deadlines(rounds, unit=unit)


def deadlines_for(proposal: Proposal) -> Deadlines:
    """For reading, with what a return has given this proposal."""
    return with_grace(deadlines_of(proposal.competition, unit=proposal.unit), proposal)


def with_grace(deadlines: Deadlines, proposal: Proposal) -> Deadlines:
    """A return stopped the unit's clock: the end of endorsing is no earlier than it was told."""
    window, until = deadlines.endorsing, proposal.grace_until
    if window is None or until is None or until <= window.ends_at:
        return deadlines
    return replace(deadlines, endorsing=replace(window, ends_at=until))


def grace_after(competition: Competition, *, returned_at: datetime) -> datetime | None:
    """Until when what is returned now may come back and be endorsed, whatever closes before."""
    hours = competition.mend_hours
    return returned_at + timedelta(hours=hours) if hours else None


def end_after_return(proposal: Proposal, *, at: datetime) -> datetime | None:
    """Until when the unit could send it again if it were returned now."""
    window = deadlines_for(proposal).endorsing
    grace = grace_after(proposal.competition, returned_at=at)
    return max((end for end in (window and window.ends_at, grace) if end), default=None)


def deadlines_for_all(competition: Competition) -> Deadlines:
    """Without what single units were granted; an extension for all has moved the round itself."""
    rounds = ROUNDS.ask(competition=competition.pk)
    return deadlines_from(rounds, shifts={}, unit=competition.host)


def lock_deadlines(competition: Competition, *, unit: Unit) -> Deadlines:
    """For deciding: who moves a round waits until this transaction ends, and the reverse.

    A send waits longer than anything else would: told to try again, it might come back too late.
    """
    rounds: dict[int, Round] = {}
    shifts: defaultdict[int, list[timeline.Shift]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(HELD, {"competition": competition.pk, "kinds": list(KINDS)})
        for pk, kind, starts_at, ends_at, old, new, path in cursor.fetchall():
            rounds[pk] = Round(pk=pk, kind=kind, starts_at=starts_at, ends_at=ends_at)
            if new is not None:
                shifts[pk].append(timeline.Shift(old, new, path))
    return deadlines_from(rounds.values(), shifts=shifts, unit=unit)


def holder_deadline(proposal: Proposal) -> datetime | None:
    """Until when whoever holds the proposal has to act; none when nobody in the unit has to."""
    if proposal.status == ProposalStatus.COMPLETION:
        return proposal.completion_due_at
    deadlines = deadlines_for(proposal)
    window = deadlines.sending if proposal.status == ProposalStatus.DRAFT else deadlines.endorsing
    return window.ends_at if window and proposal.holder in OF_UNIT else None


OF_UNIT = frozenset({Holder.AUTHOR, Holder.ENDORSER})
KINDS: tuple[str, str] = (Round.Kind.SUBMISSION, Round.Kind.ENDORSEMENT)
ROUNDS = Prepared(lambda: Round.objects.filter(competition=given("competition"), kind__in=KINDS))
# Each of the three sees what was committed before it began: the last what the lock waited for.
HELD = """
SET LOCAL lock_timeout = '20s';
SELECT FROM competitions_round
WHERE competition_id = %(competition)s AND kind = ANY(%(kinds)s) ORDER BY id FOR SHARE;
SELECT round.id, round.kind, round.starts_at, round.ends_at,
       granted.old_ends_at, granted.new_ends_at, unit.path
FROM competitions_round AS round
LEFT JOIN competitions_extension AS granted ON granted.round_id = round.id
LEFT JOIN accounts_unit AS unit ON unit.id = granted.unit_id
WHERE round.competition_id = %(competition)s AND round.kind = ANY(%(kinds)s)
ORDER BY round.id, granted.granted_at, granted.id
"""


def _deadlines(rounds: Iterable[Round], *, unit: Unit) -> Deadlines:
    found = list(rounds)
    return deadlines_from(found, shifts=_shifts_of(found), unit=unit)


def deadlines_from(
    rounds: Iterable[Round], *, shifts: Mapping[int, list[timeline.Shift]], unit: Unit
) -> Deadlines:
    """From rounds and their extensions (by the round's id) that were fetched already."""
    windows = {
        round_.kind: _window(round_, shifts=shifts.get(round_.pk, []), unit=unit)
        for round_ in rounds
    }
    sending = windows.get(Round.Kind.SUBMISSION)
    endorsing = windows.get(Round.Kind.ENDORSEMENT)
    return Deadlines(sending, _for_endorsing(sending, endorsing))


def _window(round_: Round, *, shifts: list[timeline.Shift], unit: Unit) -> Window:
    return Window(
        round_.starts_at,
        timeline.effective_end(round_.ends_at, shifts, unit.path),
        timeline.earlier_ends(round_.ends_at, shifts, unit.path),
    )


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
    if endorsing.ends_at >= sending.ends_at:
        return replace(endorsing, starts_at=sending.starts_at)
    earlier = {max(end, endorsing.ends_at) for end in sending.earlier}
    return replace(sending, earlier=tuple(sorted(earlier)))


def database_now() -> datetime:
    """The one clock of deadline decisions; unlike `now()` it moves inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        row: tuple[datetime] = cursor.fetchone()
    return row[0]
