from __future__ import annotations

from datetime import date, datetime, time

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.mail import send_later
from accounts.models import Deputy, Membership, Unit, User
from kipp.lib.clock import end_of_day, local_moment


@transaction.atomic
def name_deputy(
    unit: Unit, *, user: User, first_day: date, last_day: date, by: User, at: datetime
) -> Deputy:
    """From the first day to the last, both included, the person endorses for the unit."""
    zone = settings.TIME_ZONE
    starts_at = local_moment(first_day, time.min, zone=zone)
    ends_at = end_of_day(last_day, zone=zone)
    if last_day < first_day or ends_at <= at:
        raise ValidationError(
            {"last_day": _("The last day is today or later, and not before the first.")}
        )
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    if not Membership.objects.current().filter(user=user, unit=unit).exists():
        raise ValidationError({"user": _("A deputy is a member of the same unit.")})
    same = Deputy.objects.coming().filter(unit=unit, user=user)
    if same.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).exists():
        raise ValidationError(
            {"user": _("This person is deputy on some of these days already.")}, code="exists"
        )
    deputy = Deputy.objects.create(
        unit=unit, user=user, named_by=by, named_at=at, starts_at=starts_at, ends_at=ends_at
    )
    send_later(
        "deputy_named",
        user,
        dedupe_key=f"deputy_named:{deputy.pk}",
        at=at,
        about=deputy,
        context={"unit": unit, "named_by": by, "first_day": first_day, "last_day": last_day},
    )
    facts = {"name": user.full_name, "until": last_day.isoformat()}
    record(by, "unit.deputy_named", unit, at=at, user=user.pk, **facts)
    return deputy


@transaction.atomic
def revoke_deputy(deputy: Deputy, *, by: User, at: datetime) -> None:
    """At once: what the deputy has not endorsed by now is not endorsed by the deputy."""
    if not Deputy.objects.coming().filter(pk=deputy.pk).update(revoked_at=at):
        raise ValidationError(_("This deputy has ended already."), code="ended")
    record(
        by,
        "unit.deputy_revoked",
        deputy.unit,
        at=at,
        user=deputy.user_id,
        name=deputy.user.full_name,
    )
