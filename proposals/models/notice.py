from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from competitions.models import Competition


class ScreeningNotice(models.Model):
    """The numbered announcement of who passed. Nothing is edited: a later one replaces it.

    `passed` is what stood there on that day: `proposals.queries.outcome.Passed` in order.
    """

    competition = models.ForeignKey(
        Competition, on_delete=models.PROTECT, related_name="screening_notices"
    )
    number = models.CharField(_("Number of the announcement"), max_length=120)
    signer = models.CharField(_("Signed by"), max_length=150)
    passed = models.JSONField(default=list)
    failed_count = models.PositiveIntegerField()
    announced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    announced_at = models.DateTimeField()

    class Meta:
        ordering = ["-announced_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["competition", "number"],
                name="screeningnotice_number",
                violation_error_message=_("An announcement has this number already."),
            ),
        ]

    def __str__(self) -> str:
        return self.number
