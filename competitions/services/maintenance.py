"""The portal closes for work on it: never shortly before people must be done."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from competitions.models import Maintenance
from competitions.queries import rounds_ending
from kipp.lib.clock import show_end

# Whoever is kept out for an evening now has no evening left.
GUARD = timedelta(hours=72)


def close_portal(*, at: datetime, expected_at: datetime | None = None) -> Maintenance:
    """Raises ValidationError(code="deadline") while an open round ends within `GUARD`."""
    ending = rounds_ending(after=at, by=at + GUARD)
    if ending:
        raise ValidationError(
            [
                ValidationError(
                    _("%(competition)s: %(round)s ends on %(end)s."),
                    code="deadline",
                    params={
                        "competition": round_.competition.name,
                        "round": round_.name,
                        "end": show_end(round_.ends_at, zone=round_.competition.time_zone),
                    },
                )
                for round_ in ending
            ]
        )
    return close_portal_anyway(at=at, expected_at=expected_at)


@transaction.atomic
def close_portal_anyway(*, at: datetime, expected_at: datetime | None = None) -> Maintenance:
    if expected_at and expected_at <= at:
        raise ValidationError(_("The expected end lies in the past."), code="past")
    maintenance = Maintenance(started_at=at, expected_at=expected_at)
    maintenance.full_clean()
    maintenance.save(force_insert=True)
    audit.record(None, "portal.closed", maintenance, at=at)
    return maintenance


@transaction.atomic
def reopen_portal(*, at: datetime) -> None:
    maintenance = Maintenance.objects.select_for_update().filter(ended_at=None).first()
    if maintenance is None:
        raise ValidationError(_("The portal is open already."), code="not_now")
    maintenance.ended_at = at
    maintenance.save(update_fields=["ended_at"])
    audit.record(None, "portal.reopened", maintenance, at=at)
