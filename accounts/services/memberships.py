from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import Membership, Unit, User


@transaction.atomic
def grant_membership(
    user: User, *, unit: Unit, role: str, by: User | None, at: datetime
) -> Membership:
    # The row lock makes this wait for the end of a unit, and the end for this.
    place = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    if place.ended_on:
        raise ValidationError(_("This unit has ended."), code="ended")
    membership = Membership(user=user, unit=place, role=role, started_at=at)
    membership.full_clean()
    membership.save(force_insert=True)
    record(by, "membership.granted", membership, at=at, user=user.pk, unit=place.pk, role=role)
    return membership


@transaction.atomic
def end_membership(
    membership: Membership, *, by: User | None, at: datetime, reason: str = ""
) -> None:
    if not Membership.objects.current().filter(pk=membership.pk).update(ended_at=at):
        raise ValidationError(_("This role has ended already."), code="ended")
    record(
        by,
        "membership.ended",
        membership,
        at=at,
        reason=reason,
        user=membership.user_id,
        unit=membership.unit_id,
        role=membership.role,
    )
