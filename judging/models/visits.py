"""What a field team asks on the spot, what it found, and the photos that show it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from competitions.models.competition import KEY
from judging.models.scoring import Entry
from judging.models.stage import Stage
from judging.workflow import VISIT_TONES, VisitStatus


class Question(models.Model):
    """One line of the checklist of a field verification."""

    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="questions")
    key = models.CharField(max_length=40, validators=[KEY])
    label = models.CharField(_("Question"), max_length=300)
    help_text = models.TextField(_("Guidance"), blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["stage", "key"], name="question_key"),
        ]

    def __str__(self) -> str:
        return self.label


class Visit(models.Model):
    """Of one entry; its field team writes it together. Any save counts `version` up."""

    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, related_name="visit")
    visited_on = models.DateField(_("Day of the visit"), null=True, blank=True)
    summary = models.TextField(_("What was found on the whole"), blank=True)
    status = models.CharField(
        max_length=10, choices=VisitStatus, default=VisitStatus.DRAFT, editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    handed_in_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["entry"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="handed_in")
                | Q(visited_on__isnull=False, handed_in_at__isnull=False),
                name="visit_handed_in",
            ),
        ]

    def __str__(self) -> str:
        return str(self.entry)

    @property
    def tone(self) -> str:
        return VISIT_TONES[self.status]


class VisitAnswer(models.Model):
    class Value(models.TextChoices):
        YES = "yes", _("Yes")
        PARTLY = "partly", _("Partly")
        NO = "no", _("No")

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    value = models.CharField(max_length=10, choices=Value, blank=True)
    note = models.TextField(_("Note"), blank=True)

    class Meta:
        ordering = ["question__order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["visit", "question"], name="visitanswer_once"),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.value}"


class VisitPhoto(models.Model):
    """Written anew by `kipp.lib.images`: the picture and nothing else."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="photos")
    name = models.CharField(max_length=150)
    caption = models.CharField(_("What the photo shows"), max_length=200, blank=True)
    sha256 = models.CharField(max_length=64)
    thumbnail_sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=40)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "sha256"],
                name="visitphoto_once",
                violation_error_message=_("This very photo is here already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
