"""How a person wants to be told of what is not required."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.people import User
from accounts.topics import Topic, Way, next_digest

ZONES = (
    ("Asia/Jakarta", "WIB"),
    ("Asia/Makassar", "WITA"),
    ("Asia/Jayapura", "WIT"),
)


def own_zone() -> str:
    return str(settings.TIME_ZONE)


class Reception(models.Model):
    """Whoever has chosen nothing has no row and gets everything by mail, at once."""

    user = models.OneToOneField(
        User, on_delete=models.CASCADE, primary_key=True, related_name="reception"
    )
    deadlines = models.CharField(Topic.DEADLINES.label, max_length=10, choices=Way, default=Way.NOW)
    progress = models.CharField(Topic.PROGRESS.label, max_length=10, choices=Way, default=Way.NOW)
    digest_hour = models.PositiveSmallIntegerField(_("Hour of the daily mail"), default=7)
    time_zone = models.CharField(_("Time zone"), max_length=20, choices=ZONES, default=own_zone)

    # Where mails without a token go, if not to the address that the account signs in with.
    address = models.EmailField(_("Other address for mail"), blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(digest_hour__lte=23), name="reception_hour"),
        ]

    def __str__(self) -> str:
        return str(self.user)

    def way_of(self, topic: str) -> str:
        ways = {Topic.DEADLINES.value: self.deadlines, Topic.PROGRESS.value: self.progress}
        return ways.get(topic, Way.NOW)

    def next_digest(self, at: datetime) -> datetime:
        return next_digest(at, hour=self.digest_hour, zone=self.time_zone)
