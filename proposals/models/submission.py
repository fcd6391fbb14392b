from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from proposals.models.proposal import Proposal


class Submission(models.Model):
    """The frozen, hashed copy that the committee receives; every later reader reads this.

    `content` is the canonical JSON object whose bytes `sha256` was taken over. A completion makes
    a new submission; the older one stays with `superseded_at` set.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="submissions")
    # Counted per competition without gaps: the receipt's number.
    number = models.PositiveIntegerField()
    receipt = models.CharField(max_length=40, unique=True)
    token = models.UUIDField(unique=True)
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal"], condition=Q(superseded_at=None), name="submission_current"
            ),
        ]

    def __str__(self) -> str:
        return self.receipt
