from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from judging.models.panel import Panelist
from judging.models.stage import Criterion, Stage
from judging.workflow import AssignmentStatus, StageStatus
from proposals.models import Proposal, Submission

if TYPE_CHECKING:
    from competitions.roles import Actor


class Entry(models.Model):
    """A submission's participation in a stage."""

    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="entries")
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="entries")
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="entries")

    class Meta:
        ordering = ["proposal__title", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["stage", "proposal"], name="entry_once"),
        ]

    def __str__(self) -> str:
        return str(self.proposal)


class Conflict(models.Model):
    """Why a judge must not score an entry: found by the portal, or declared.

    `note` is for the committee alone: it may say what the judge may not know of an entry.
    """

    class Ground(models.TextChoices):
        UNIT = "unit", _("Belongs to the proposal's unit, or to one above or below it")
        TEAM = "team", _("Is in the team or worked on the proposal")
        EARLIER = "earlier", _("Worked on this innovation in an earlier proposal")
        TIE = "tie", _("Named the unit when accepting the seat")
        DECLARED = "declared", _("Declared by the judge")

    panelist = models.ForeignKey(Panelist, on_delete=models.CASCADE, related_name="conflicts")
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="conflicts")
    ground = models.CharField(max_length=10, choices=Ground)
    note = models.TextField(_("Reason"), blank=True)
    noted_at = models.DateTimeField()

    class Meta:
        ordering = ["entry", "panelist"]
        constraints = [
            models.UniqueConstraint(fields=["panelist", "entry"], name="conflict_once"),
        ]

    def __str__(self) -> str:
        return f"{self.panelist} - {self.entry}"


class NamesakeDismissal(models.Model):
    """A name in a proposal's team is a judge's name and not the judge: who said so, and why."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="namesakes_dismissed"
    )
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="+")
    reason = models.TextField(_("Reason"))
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    dismissed_at = models.DateTimeField()

    class Meta:
        ordering = ["-dismissed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "proposal"], name="namesakedismissal_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="namesakedismissal_reason"),
            models.CheckConstraint(
                condition=~Q(dismissed_by=F("user")),
                name="namesakedismissal_other_person",
                violation_error_message=_("Somebody else decides on your own conflict."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} - {self.proposal}"


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def visible_to(self, actor: Actor) -> Self:
        """A judge's own sheets of the stages that have opened."""
        own = self.filter(panelist__user_id=actor.user_id)
        return own.exclude(entry__stage__status=StageStatus.SETUP)

    def owed(self) -> Self:
        """Sheets that a judge still owes."""
        return self.filter(status=AssignmentStatus.PENDING, entry__stage__status=StageStatus.OPEN)


class Assignment(models.Model):
    """One judge and one entry: the scorecard. `total` is stored when it is submitted."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="assignments")
    panelist = models.ForeignKey(Panelist, on_delete=models.CASCADE, related_name="assignments")
    # Why this judge reads this entry, in the words of `judging.assigning.Reason`, or second_look.
    reason = models.CharField(max_length=20, blank=True, editable=False)
    # The judge's own random order.
    position = models.PositiveIntegerField(default=0)
    status = models.CharField(
        max_length=10, choices=AssignmentStatus, default=AssignmentStatus.PENDING, editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    comment = models.TextField(_("Comment"), blank=True)
    # The judge's own note to look at it once more; nobody else is shown it.
    comes_back = models.BooleanField(_("Come back to this"), default=False)
    total = models.DecimalField(max_digits=12, decimal_places=6, null=True, editable=False)
    assigned_at = models.DateTimeField()
    declared_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "panelist"], name="assignment_once"),
            models.CheckConstraint(
                condition=~Q(status="submitted")
                | Q(submitted_at__isnull=False, declared_at__isnull=False, total__isnull=False),
                name="assignment_submitted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.panelist} #{self.entry_id}"


class Score(models.Model):
    """One value on one criterion."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="scores")
    value = models.DecimalField(_("Value"), max_digits=8, decimal_places=2, null=True, blank=True)
    comment = models.TextField(_("Comment"), blank=True)

    class Meta:
        ordering = ["criterion__order"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "criterion"], name="score_once"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.value}"
