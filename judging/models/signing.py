from __future__ import annotations

from django.db import models
from django.db.models import Q

from judging.models.panel import Panelist
from judging.models.results import Ranking


class MinutesSignature(models.Model):
    """A judge's word on the minutes of one frozen ranking, given with a code sent by mail.

    One row a judge: a new code takes the place of the last one until it is used; then it stays.
    """

    ranking = models.ForeignKey(Ranking, on_delete=models.PROTECT, related_name="signatures")
    panelist = models.ForeignKey(Panelist, on_delete=models.PROTECT, related_name="signatures")
    # Of what was signed: the minutes without their signatures.
    minutes_sha256 = models.CharField(max_length=64)
    # An HMAC: the code itself stands in the mail alone.
    code_hmac = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    codes = models.PositiveSmallIntegerField(default=1)
    misses = models.PositiveSmallIntegerField(default=0)
    signed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["signed_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["ranking", "panelist"], name="minutessignature_once"),
            models.CheckConstraint(
                condition=Q(signed_at=None) | Q(code_hmac="", signed_at__gte=models.F("asked_at")),
                name="minutessignature_code_is_gone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.panelist} / {self.ranking}"
