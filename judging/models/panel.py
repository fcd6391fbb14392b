from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from competitions.models import Category, Track
from judging.models.stage import Stage
from judging.panels import PanelKind
from judging.workflow import DRAFT_TONES, SEAT_TONES, DraftStatus, SeatStatus


class Panel(models.Model):
    """How a stage uses the judges of one kind. Without a row the stage's own terms hold."""

    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="panels")
    kind = models.CharField(_("Kind of panel"), max_length=12, choices=PanelKind)
    name = models.CharField(_("Name"), max_length=120, blank=True)
    readings = models.PositiveSmallIntegerField(_("Readings per entry"), null=True, blank=True)
    # Offered to whoever is invited; the seat keeps what was agreed.
    capacity = models.PositiveIntegerField(_("Capacity of a judge"), null=True, blank=True)

    class Meta:
        ordering = ["stage", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["stage", "kind"],
                name="panel_kind",
                violation_error_message=_("The stage has a panel of this kind already."),
            ),
            models.CheckConstraint(
                condition=Q(readings=None) | Q(readings__gt=0),
                name="panel_readings",
                violation_error_message=_("An entry needs at least one reading."),
            ),
            models.CheckConstraint(
                condition=Q(capacity=None) | Q(capacity__gt=0),
                name="panel_capacity",
                violation_error_message=_("A judge reads at least one entry."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(PanelKind(self.kind).label)


class Panelist(models.Model):
    """A judge's seat on a stage's panel."""

    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="panel")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="panel_seats"
    )
    kind = models.CharField(
        _("Kind of panel"), max_length=12, choices=PanelKind, default=PanelKind.DESK
    )
    # At most so many entries; empty: no limit.
    capacity = models.PositiveIntegerField(_("Capacity"), null=True, blank=True)
    status = models.CharField(
        max_length=10, choices=SeatStatus, default=SeatStatus.ACCEPTED, editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    seated_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    # Asked at acceptance: what the judge knows best, and where the judge may not read.
    tracks = models.ManyToManyField(Track, blank=True, related_name="+")
    categories = models.ManyToManyField(Category, blank=True, related_name="+")
    tied_units = models.ManyToManyField(Unit, blank=True, related_name="+")
    answer_note = models.TextField(_("Note to the committee"), blank=True)
    # The judge's name in what outsiders recompute: drawn, so that neither its text nor its
    # order says who it is.
    alias = models.CharField(max_length=8, blank=True, editable=False)

    class Meta:
        ordering = ["user__full_name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["stage", "alias"], name="panelist_alias"),
            models.UniqueConstraint(
                fields=["stage", "user"],
                name="panelist_once",
                violation_error_message=_("This person sits on the panel already."),
            ),
            models.CheckConstraint(
                condition=Q(capacity=None) | Q(capacity__gt=0),
                name="panelist_capacity",
                violation_error_message=_("A judge reads at least one entry."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def tone(self) -> str:
        return SEAT_TONES[self.status]


class AssignmentDraft(models.Model):
    """Who would read what. No judge sees it; released, it becomes the scorecards."""

    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="drafts")
    number = models.PositiveIntegerField()
    status = models.CharField(
        max_length=10, choices=DraftStatus, default=DraftStatus.DRAFT, editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    seed = models.BigIntegerField()
    # Readings per entry by kind of panel, as this draft asks for them; null: everybody.
    readings = models.JSONField(default=dict)
    # [[seat, receipt, reason], ...], sorted.
    pairs = models.JSONField(default=list)
    # Of what it was planned from: judges, capacities, entries, conflicts, kept work.
    inputs_hash = models.CharField(max_length=64)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    released_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["stage", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["stage", "number"], name="assignmentdraft_number"),
            models.CheckConstraint(
                condition=~Q(status="released")
                | Q(released_by__isnull=False, released_at__isnull=False),
                name="assignmentdraft_released",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.number}"

    @property
    def tone(self) -> str:
        return DRAFT_TONES[self.status]
