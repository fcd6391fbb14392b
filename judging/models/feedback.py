from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from judging.models.results import Publication
from judging.models.scoring import Assignment, Score


class Feedback(models.Model):
    """What authors of a publication's entries get to read; the chair's alone until its release."""

    publication = models.OneToOneField(
        Publication, on_delete=models.PROTECT, related_name="feedback"
    )
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    prepared_at = models.DateTimeField()
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-prepared_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(released_at=None, released_by=None)
                | Q(released_at__gte=F("prepared_at"), released_by__isnull=False),
                name="feedback_released",
            ),
        ]

    def __str__(self) -> str:
        return str(self.publication)


class FeedbackNote(models.Model):
    """One comment of a judge as its author will read it, without names."""

    feedback = models.ForeignKey(Feedback, on_delete=models.CASCADE, related_name="notes")
    # The sheet that it stands on; of a comment on one criterion also its value's row.
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="+")
    score = models.ForeignKey(
        Score, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    text = models.TextField(_("As the author reads it"), blank=True)
    # Whether the machine took a name out: such a note waits for the chair's eye.
    is_marked = models.BooleanField(default=False)
    reviewed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-is_marked", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["feedback", "assignment", "score"],
                nulls_distinct=False,
                name="feedbacknote_once",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]
