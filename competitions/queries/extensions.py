"""What an extension would mean, before it is granted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import Unit, User
from competitions.models import Competition, Round
from competitions.queries.deadlines import effective_end
from competitions.queries.people import people_to_tell
from kipp.lib import clock


@dataclass(frozen=True, slots=True)
class ExtensionPreview:
    """`late` is the endorsement round, if it would end before the new end of the submission."""

    old_end: str
    new_end: str
    unit: Unit | None
    people: tuple[User, ...]
    late: Round | None


def rounds_to_extend(competition: Competition) -> QuerySet[Round]:
    return competition.rounds.select_related("competition__host").prefetch_related(
        "extensions__unit"
    )


def extension_preview(
    round_: Round, *, new_ends_at: datetime, unit: Unit | None, also_tell: Iterable[User] = ()
) -> ExtensionPreview:
    zone = round_.competition.time_zone
    return ExtensionPreview(
        old_end=clock.show_end(effective_end(round_, unit), zone=zone),
        new_end=clock.show_end_everywhere(new_ends_at, zone=zone),
        unit=unit,
        people=people_to_tell(round_, unit=unit, also=also_tell),
        late=_late_endorsement(round_, new_ends_at=new_ends_at, unit=unit),
    )


def _late_endorsement(round_: Round, *, new_ends_at: datetime, unit: Unit | None) -> Round | None:
    if round_.kind != Round.Kind.SUBMISSION:
        return None
    endorsement = rounds_to_extend(round_.competition).filter(kind=Round.Kind.ENDORSEMENT).first()
    if endorsement is None or effective_end(endorsement, unit) >= new_ends_at:
        return None
    return endorsement
