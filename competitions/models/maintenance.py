from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Maintenance(models.Model):
    """A time in which the portal answers nobody; the one without an end is now."""

    started_at = models.DateTimeField()
    # What the page tells people, not when it ends.
    expected_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ended_at"],
                condition=Q(ended_at=None),
                nulls_distinct=False,
                name="maintenance_one_open",
                violation_error_message=_("The portal is closed for maintenance already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M}"
