"""Who endorses in somebody's place for a time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models.people import Membership, User
from accounts.models.units import Unit


class DeputyQuerySet(models.QuerySet["Deputy"]):
    def acting(self) -> Self:
        """By the database's clock, and only while the person is a member of the unit."""
        place = Membership.objects.current().filter(user=OuterRef("user"), unit=OuterRef("unit"))
        return self.filter(Exists(place), revoked_at=None, starts_at__lte=Now(), ends_at__gt=Now())

    def coming(self) -> Self:
        """Acting now or later."""
        return self.filter(revoked_at=None, ends_at__gt=Now())


class Deputy(models.Model):
    """A member of a unit who endorses for it during a period, named by one of its endorsers."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="deputies")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="deputised")
    named_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = DeputyQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="deputy_ends_after_start",
                violation_error_message=_("The last day is not before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} - {self.unit}"

    @property
    def last_day(self) -> datetime:
        """The end is exclusive: midnight after the last day."""
        return self.ends_at - timedelta(microseconds=1)
