from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Expression, F, Func, GeneratedField, JSONField, Q, TextField, Value
from django.db.models.fields.json import KT, KeyTextTransform
from django.db.models.functions import Left

from competitions.models import Competition
from proposals.models.proposal import Proposal

# The first image stands for the whole submission. Scans of signed letters are left out: they name
# people and are for the committee.
FIRST_PHOTO = '$.files[*] ? (@.media_type starts with "image/" && !(@.is_statement == true))'
# Letters of the first section: more than the sentence that lists show of it.
OPENING = 600


def copied(expression: Expression) -> GeneratedField:
    return GeneratedField(expression=expression, output_field=TextField(), db_persist=True)


class Submission(models.Model):
    """The frozen, hashed copy that the committee receives; every later reader reads this.

    `content` is the canonical JSON object whose bytes `sha256` was taken over; its shape is
    `proposals.content.Content`. A completion makes a new submission; the older one stays with
    `superseded_at` set.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="submissions")
    # The proposal's; beside the number, so that the database can keep the two unique.
    competition = models.ForeignKey(
        Competition, on_delete=models.PROTECT, related_name="submissions", editable=False
    )
    # Counted per competition without gaps: the receipt's number.
    number = models.PositiveIntegerField()
    receipt = models.CharField(max_length=80, unique=True)
    token = models.UUIDField(unique=True)
    content = models.JSONField()
    # What lists show of it: each look into the copy unpacks 16 KB. The database keeps them equal.
    title = copied(KT("content__header__title"))
    unit_name = copied(KT("content__header__unit__name"))
    opening = copied(Left(KT("content__sections__0__text"), OPENING))
    thumbnail = copied(
        KeyTextTransform(
            "thumbnail_sha256",
            Func(
                F("content"),
                Value(FIRST_PHOTO),
                function="jsonb_path_query_first",
                output_field=JSONField(),
            ),
        )
    )
    sha256 = models.CharField(max_length=64)
    # The instant that was judged: when the server had the whole request.
    received_at = models.DateTimeField()
    # When the verdict fell, by the database's own clock.
    judged_at = models.DateTimeField()
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    superseded_at = models.DateTimeField(null=True, blank=True)
    # Its place in the competition's chain: the link before it, its own, and who signed that
    # (`proposals.receipts`).
    previous = models.CharField(max_length=64)
    link = models.CharField(max_length=64, unique=True)
    key_id = models.CharField(max_length=16)
    signature = models.CharField(max_length=88)
    # What the committee found of each claim, by its key: `proposals.content.Check`. Not hashed.
    claim_checks = models.JSONField(default=dict, blank=True)
    # What field teams reported: `proposals.content.FieldReport`, one per stage. Not hashed.
    field_reports = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["-received_at", "-pk"]
        indexes = [
            models.Index(
                fields=["competition", "received_at", "id"],
                condition=Q(superseded_at=None),
                name="submission_waiting",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["competition", "number"], name="submission_number"),
            models.UniqueConstraint(fields=["competition", "previous"], name="submission_chain"),
            models.CheckConstraint(condition=Q(number__gt=0), name="submission_number_positive"),
            models.UniqueConstraint(
                fields=["proposal"], condition=Q(superseded_at=None), name="submission_current"
            ),
        ]

    def __str__(self) -> str:
        return self.receipt
