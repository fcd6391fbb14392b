from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from proposals.models.proposal import Proposal
from proposals.models.submission import Submission


class Endorsement(models.Model):
    """What the endorser decided, once per time that it lay on the desk."""

    class Verdict(models.TextChoices):
        ENDORSED = "endorsed", _("Endorsed")
        RETURNED = "returned", _("Returned")

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="endorsements")
    verdict = models.CharField(max_length=10, choices=Verdict)
    note = models.TextField(_("Note"), blank=True)
    # Notes per section: {section key: text}.
    section_notes = models.JSONField(default=dict, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["-decided_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.proposal} - {self.get_verdict_display()}"


class Reading(models.Model):
    """An endorser's word that this version was read to its end; only then a pile may hold it."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="readings")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    read_at = models.DateTimeField()

    class Meta:
        ordering = ["-read_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "reader", "version"], name="reading_once"),
        ]

    def __str__(self) -> str:
        return f"{self.proposal} - {self.reader}"


class ReasonCode(models.TextChoices):
    """Why a proposal did not pass or came back: the usual failures, named once."""

    TOO_YOUNG = "too_young", _("Implemented too recently")
    EARLIER_WINNER = "earlier_winner", _("Won such a tier before")
    OVER_QUOTA = "over_quota", _("More proposals than the agency may send")
    INCOMPLETE = "incomplete", _("A section is empty or incomplete")
    CARELESS = "careless", _("Answers are fillers")
    DUPLICATE_TITLE = "duplicate_title", _("The same title was sent twice")
    MISSING_LETTER = "missing_letter", _("A required letter is missing")
    BAD_ATTACHMENT = "bad_attachment", _("An attachment cannot be read")
    DEAD_VIDEO = "dead_video", _("The video link does not work")
    TITLE = "title", _("The title does not describe the innovation or is not decent")
    OTHER = "other", _("Another reason, written in the note")


class OverrideReason(models.TextChoices):
    """Why the committee decides otherwise than a rule."""

    EVIDENCE = "evidence", _("The evidence shows otherwise")
    WRONG_DATA = "wrong_data", _("The register or the data was wrong")
    DIFFERENT = "different", _("It is another innovation or another text")
    EXEMPTED = "exempted", _("The committee has granted an exception")
    OUT_OF_DATE = "out_of_date", _("It has been mended since")


class Judgement(models.Model):
    """What a person of the committee holds of one submission."""

    class Verdict(models.TextChoices):
        PASSED = "passed", _("Passed")
        FAILED = "failed", _("Did not pass")
        COMPLETION = "completion", _("Returned for completion")

    verdict = models.CharField(_("Decision"), max_length=10, choices=Verdict)
    reasons = ArrayField(
        models.CharField(max_length=20, choices=ReasonCode),
        verbose_name=_("Reasons"),
        default=list,
        blank=True,
    )
    note = models.TextField(_("Note"), blank=True)
    completion_due_at = models.DateTimeField(_("To be completed by"), null=True, blank=True)
    # What the unit may change for a completion, as `proposals.eligibility.Finding.target`.
    unlocked = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    # What the rules found and what was made of it: `proposals.checklist.Checked` in order.
    checklist = models.JSONField(default=list, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField()

    class Meta:
        abstract = True
        ordering = ["-decided_at", "-pk"]

    @property
    def reason_labels(self) -> list[str]:
        return [str(ReasonCode(code).label) for code in self.reasons]


class Screening(Judgement):
    """A decision of the committee on one submission. Nothing is edited: a new one replaces it."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="screenings")

    class Meta(Judgement.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict="passed") | ~Q(reasons=[]),
                name="screening_reason",
                violation_error_message=_("Choose at least one reason."),
            ),
            models.CheckConstraint(
                condition=~Q(verdict="completion") | Q(completion_due_at__isnull=False),
                name="screening_completion_due",
                violation_error_message=_("Give the date by which the unit completes it."),
            ),
            models.CheckConstraint(
                condition=~Q(verdict="completion") | ~Q(unlocked=[]),
                name="screening_completion_unlocked",
                violation_error_message=_("Choose what the unit may change."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission} - {self.get_verdict_display()}"


class Opinion(Judgement):
    """One screener's judgement where two read; the two make a decision, or the chair does."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="opinions")
    # What it led to; none while it counts.
    screening = models.ForeignKey(
        Screening, on_delete=models.PROTECT, null=True, blank=True, related_name="opinions"
    )

    class Meta(Judgement.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "decided_by"],
                condition=Q(screening=None),
                name="opinion_once",
                violation_error_message=_("You have given your opinion on this submission."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission} - {self.get_verdict_display()} ({self.decided_by})"
