from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class VideoCheck(models.Model):
    """What the last look at a video link found. No row: nobody has looked yet."""

    class Answer(models.TextChoices):
        ALIVE = "alive", _("can be opened")
        DEAD = "dead", _("cannot be watched")
        UNKNOWN = "unknown", _("not checked: the address could not be reached from here")

    url = models.CharField(max_length=300, unique=True)
    answer = models.CharField(max_length=10, choices=Answer)
    checked_at = models.DateTimeField()

    class Meta:
        ordering = ["checked_at"]

    def __str__(self) -> str:
        return f"{self.url}: {self.answer}"
