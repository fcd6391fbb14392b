from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from competitions.models import AttachmentSlot
from proposals.models.proposal import Attachment, Proposal


class Upload(models.Model):
    """A file on its way in parts. Once all are there and checked, it names its attachment.

    `parts` are hashes in their order; a part may come twice. `expected_sha256` is what the browser
    said of the whole file, if it could.
    """

    key = models.UUIDField(default=uuid4, unique=True)
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="uploads")
    slot = models.ForeignKey(AttachmentSlot, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=160)
    size = models.PositiveBigIntegerField()
    received = models.PositiveBigIntegerField(default=0)
    parts = ArrayField(models.CharField(max_length=64), default=list)
    expected_sha256 = models.CharField(max_length=64, blank=True)
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="uploads"
    )
    begun_at = models.DateTimeField()
    active_at = models.DateTimeField(db_index=True)
    attachment = models.OneToOneField(
        Attachment, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "slot", "begun_by", "expected_sha256"],
                condition=Q(attachment=None) & ~Q(expected_sha256=""),
                name="upload_once",
            ),
            models.CheckConstraint(
                condition=Q(received__lte=F("size"), size__gt=0), name="upload_received"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def folder(self) -> str:
        return self.key.hex
