"""Until when, for whom, and the lock under which that is decided."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from accounts.models import Unit
from competitions import timeline
from competitions.models import Extension, Round
from competitions.workflow import CompetitionStatus


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


def rounds_ending(*, after: datetime, by: datetime) -> list[Round]:
    """Rounds that people work in at `after` and that close, for all or for one unit, until `by`."""
    granted = Extension.objects.filter(
        round=OuterRef("pk"), new_ends_at__gt=after, new_ends_at__lte=by
    )
    closing = Q(ends_at__gt=after, ends_at__lte=by) | Exists(granted)
    rounds = Round.objects.exclude(kind=Round.Kind.ANNOUNCEMENT).filter(
        closing, starts_at__lte=after, competition__status=CompetitionStatus.PUBLISHED
    )
    return list(rounds.select_related("competition").order_by("ends_at", "pk"))
