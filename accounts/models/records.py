"""What was done: the audit chain, and the sheets that were sent in."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.people import User


class Import(models.Model):
    """A checked sheet that waits for the word of the one who sent it."""

    class Kind(models.TextChoices):
        UNITS = "units", _("Units")
        PEOPLE = "people", _("People")

    # `Kind`, or a word of an upper floor, which then may say in `scope` what the rows are for.
    kind = models.CharField(_("What the file lists"), max_length=10)
    scope = models.CharField(max_length=40, blank=True)
    name = models.CharField(_("File name"), max_length=200)
    # Wiped once it has been applied: a list of people is personal data.
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    sent_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="imports")
    sent_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-sent_at", "-pk"]

    def __str__(self) -> str:
        return self.name


class AuditEntry(models.Model):
    """One move. Each entry carries the hash of the one before, so that a change shows."""

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    action = models.CharField(max_length=60)
    object_type = models.CharField(max_length=40)
    object_id = models.CharField(max_length=40)
    reason = models.TextField(blank=True)
    data = models.JSONField(default=dict, blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["number"]
        indexes = [
            models.Index(fields=["object_type", "object_id", "number"], name="audit_object"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.action}"
