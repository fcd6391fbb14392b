"""Moving the end of a round: for all or for one unit, logged, and everybody concerned is told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts import audit, mail
from accounts.models import Unit, User
from competitions import queries
from competitions.models import Extension, Round
from competitions.workflow import CompetitionStatus

# Where a unit's own end decides; anywhere else a promise to one unit would be kept by nobody.
OF_ONE_UNIT = frozenset({Round.Kind.SUBMISSION, Round.Kind.ENDORSEMENT})


@transaction.atomic
def extend_round(
    round_: Round,
    *,
    by: User,
    at: datetime,
    new_ends_at: datetime,
    reason: str,
    letter_number: str,
    unit: Unit | None = None,
    also_tell: Iterable[User] = (),
) -> Extension:
    """Move the end forward, for all or for one unit and all below it; nobody loses time by it.

    An extension for all moves the round's own end; one for a unit lives in its row alone.
    `also_tell` are people concerned whom this floor does not know, such as the round's judges.
    """
    held = queries.hold_round(round_.pk)
    old_ends_at = queries.effective_end(held, unit)
    check_extension(held, at=at, new_ends_at=new_ends_at, unit=unit)
    extension = Extension(
        round=held,
        unit=unit,
        old_ends_at=old_ends_at,
        new_ends_at=new_ends_at,
        reason=reason,
        letter_number=letter_number,
        granted_by=by,
        granted_at=at,
    )
    extension.full_clean()
    extension.save()
    _move_round(held, extension)
    _tell_people(extension, also_tell=also_tell, at=at)
    _record(extension, at=at)
    return extension


def check_extension(
    round_: Round,
    *,
    at: datetime,
    new_ends_at: datetime,
    unit: Unit | None,
) -> None:
    """Refuse what is no extension, before anything is written."""
    competition = round_.competition
    if competition.status != CompetitionStatus.PUBLISHED:
        raise ValidationError(
            _("Only a round of a published competition is extended. Change its dates instead."),
            code="not_published",
        )
    if unit is not None and round_.kind not in OF_ONE_UNIT:
        raise ValidationError(
            _("Only submission and endorsement are extended for one unit. Choose everybody."),
            code="for_all",
        )
    if unit is not None and not unit.is_within(competition.host):
        raise ValidationError(
            _("The unit does not belong to the host of this competition."), code="foreign_unit"
        )
    if new_ends_at <= queries.effective_end(round_, unit):
        raise ValidationError(
            _("The new end must lie after the end that is in force now."), code="not_later"
        )
    if new_ends_at <= at:
        raise ValidationError(_("The new end lies in the past."), code="past")


def _move_round(round_: Round, extension: Extension) -> None:
    """Everybody's end moves with an extension for all; the version moves with every extension."""
    changes = {} if extension.unit_id else {"ends_at": extension.new_ends_at}
    Round.objects.filter(pk=round_.pk).update(version=F("version") + 1, **changes)
    round_.refresh_from_db(fields=["ends_at", "version"])


def _tell_people(extension: Extension, *, also_tell: Iterable[User], at: datetime) -> None:
    round_ = extension.round
    for person in queries.people_to_tell(round_, unit=extension.unit, also=also_tell):
        mail.send_later(
            "competition_round_extended",
            person,
            dedupe_key=f"extension:{extension.pk}:{person.pk}",
            at=at,
            context={
                "competition": round_.competition,
                "round": round_,
                "extension": extension,
                "unit": extension.unit,
                "zone": round_.competition.time_zone,
            },
            about=round_.competition,
            expires_at=extension.new_ends_at,
        )


def _record(extension: Extension, *, at: datetime) -> None:
    audit.record(
        extension.granted_by,
        "round.extended",
        extension.round.competition,
        at=at,
        reason=extension.reason,
        round=extension.round.key,
        unit=extension.unit_id,
        letter_number=extension.letter_number,
        old_ends_at=extension.old_ends_at.isoformat(),
        new_ends_at=extension.new_ends_at.isoformat(),
    )
