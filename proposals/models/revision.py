from __future__ import annotations

from django.conf import settings
from django.db import models

from proposals.models.proposal import Answer


class Revision(models.Model):
    """What one accepted save left in a section. Nothing is edited or removed."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="revisions")
    # The answer's at that moment: 1, 2, 3 and so on.
    version = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    word_count = models.PositiveIntegerField(default=0)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["answer", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["answer", "version"], name="revision_once"),
        ]

    def __str__(self) -> str:
        return f"{self.answer} - {self.version}"
