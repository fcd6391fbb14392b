"""The set-up of one judging round: what is asked and the law by which scores become ranks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from competitions.models import Competition, Round
from competitions.models.competition import KEY
from judging.marks import Scale
from judging.workflow import READERS, STAGE_TONES, StageStatus

if TYPE_CHECKING:
    from competitions.roles import Actor


class StageQuerySet(models.QuerySet["Stage"]):
    def visible_to(self, actor: Actor) -> Self:
        """Stages of the competitions whose committee the person sits on."""
        return self.filter(competition_id__in=actor.seats)

    def judged_by(self, actor: Actor) -> Self:
        """Stages that have opened with the person on the panel."""
        opened = self.exclude(status=StageStatus.SETUP)
        return opened.filter(panel__user_id=actor.user_id, panel__status__in=READERS)


class Stage(models.Model):
    class Kind(models.TextChoices):
        DESK = "desk", _("Desk evaluation")
        PRESENTATION = "presentation", _("Presentation and interview")
        FIELD = "field", _("Field verification")

    class Method(models.TextChoices):
        MEAN = "mean", _("Mean")
        MEDIAN = "median", _("Median")
        TRIMMED = "trimmed", _("Trimmed mean")
        CAPPED = "capped", _("Mean with deviation cap")

    class ScoredOn(models.TextChoices):
        PORTAL = "portal", _("In the portal: the judges fill in scorecards")
        PAPER = "paper", _("On paper: the committee enters each judge's total")

    class RankStyle(models.TextChoices):
        STANDARD = "standard", _("Equal scores share a rank (1, 2, 2, 4)")
        DENSE = "dense", _("Scores within a margin share a place (1, 2, 2, 3)")

    class AtLine(models.TextChoices):
        KEEP = "keep", _("All that stay tied at the line advance")
        LEAVE = "leave", _("None that stay tied at the line advance")

    class Correction(models.TextChoices):
        NONE = "none", _("None: the raw score counts")
        ADDITIVE = "additive", _("Severity of the judges, where that is safe")

    class SpreadBy(models.TextChoices):
        AGENCY = "agency", _("agency")
        UNIT = "unit", _("unit")
        CATEGORY = "category", _("category")
        TRACK = "track", _("track")

    competition = models.ForeignKey(Competition, on_delete=models.PROTECT, related_name="stages")
    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="stage")
    key = models.CharField(max_length=40, validators=[KEY])
    name = models.CharField(_("Name"), max_length=160)
    kind = models.CharField(_("Kind"), max_length=12, choices=Kind)
    # On paper, the one counted criterion is the judge's total.
    scored_on = models.CharField(
        _("Where the judges score"), max_length=10, choices=ScoredOn, default=ScoredOn.PORTAL
    )
    order = models.PositiveSmallIntegerField(default=0)
    scale_min = models.DecimalField(_("Lowest value"), max_digits=8, decimal_places=2, default=0)
    scale_max = models.DecimalField(_("Highest value"), max_digits=8, decimal_places=2, default=100)
    scale_step = models.DecimalField(
        _("Step of the scale"), max_digits=8, decimal_places=2, default=1
    )
    method = models.CharField(_("Method"), max_length=10, choices=Method, default=Method.MEAN)
    # k of the trimmed mean, or c of the deviation cap.
    method_parameter = models.DecimalField(
        _("Parameter of the method"), max_digits=8, decimal_places=3, null=True, blank=True
    )
    cap_rounds = models.BooleanField(
        _("Round the first mean of a deviation cap before values are pulled"), default=False
    )
    correction = models.CharField(
        _("Correction"), max_length=10, choices=Correction, default=Correction.NONE
    )
    rounding_step = models.DecimalField(
        _("Rounding step"), max_digits=8, decimal_places=4, default="0.01"
    )
    min_readings = models.PositiveSmallIntegerField(_("Readings at least"), default=1)
    readings = models.PositiveSmallIntegerField(
        _("Readings per entry (empty: everybody reads everything)"), null=True, blank=True
    )
    rank_style = models.CharField(
        _("Rank"), max_length=10, choices=RankStyle, default=RankStyle.STANDARD
    )
    tie_margin = models.DecimalField(_("Tie margin"), max_digits=8, decimal_places=4, default=0)
    # Declared before the stage opens, e.g. ["criterion:signifikansi", "median"].
    tie_break = ArrayField(
        models.CharField(max_length=80), verbose_name=_("Tie-break chain"), default=list, blank=True
    )
    at_line = models.CharField(
        _("Still tied at the line"), max_length=10, choices=AtLine, default=AtLine.KEEP
    )
    # Within a line stand at most so many of one agency, unit, category or track.
    spread_by = models.CharField(
        _("Spread rule: of one"), max_length=10, choices=SpreadBy, default="", blank=True
    )
    spread_limit = models.PositiveSmallIntegerField(
        _("Spread rule: at most"), null=True, blank=True
    )
    advance_count = models.PositiveSmallIntegerField(_("Advance (Top-N)"))
    # Shares of the cumulative score in percent: {stage key: "70"}; empty: this stage alone.
    stage_weights = models.JSONField(_("Weights of the stages (%)"), default=dict, blank=True)
    # Further readings after a first close, by a rule that stands before anybody has scored.
    second_look_readings = models.PositiveSmallIntegerField(
        _("Second look: further readings per entry (empty: no second look)"), null=True, blank=True
    )
    second_look_entries = models.PositiveSmallIntegerField(
        _("Second look: so many of the least certain (empty: the grey zone)"), null=True, blank=True
    )
    second_look_gap = models.DecimalField(
        _("Second look: also where totals lie further apart than"),
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
    )
    second_look_at = models.DateTimeField(null=True, blank=True, editable=False)
    seed = models.BigIntegerField(default=0)
    status = models.CharField(
        max_length=10, choices=StageStatus, default=StageStatus.SETUP, editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    opened_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = StageQuerySet.as_manager()

    class Meta:
        ordering = ["competition", "order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["competition", "key"], name="stage_key"),
            models.CheckConstraint(
                condition=Q(scale_max__gt=F("scale_min")),
                name="stage_scale",
                violation_error_message=_("The highest value lies above the lowest."),
            ),
            models.CheckConstraint(
                condition=Q(scale_min__gte=0),
                name="stage_scale_min",
                violation_error_message=_("The scale starts at 0 or above."),
            ),
            models.CheckConstraint(
                condition=Q(scale_step__gt=0),
                name="stage_scale_step",
                violation_error_message=_("The step of the scale is above 0."),
            ),
            models.CheckConstraint(
                condition=Q(advance_count__gt=0),
                name="stage_advance_count",
                violation_error_message=_("At least one proposal advances."),
            ),
            models.CheckConstraint(
                condition=Q(rounding_step__gt=0),
                name="stage_rounding_step",
                violation_error_message=_("The rounding step is above 0."),
            ),
            models.CheckConstraint(
                condition=Q(tie_margin__gte=0),
                name="stage_tie_margin",
                violation_error_message=_("The tie margin is 0 or more."),
            ),
            models.CheckConstraint(
                condition=Q(second_look_readings__isnull=False)
                | Q(second_look_entries=None, second_look_gap=None, second_look_at=None),
                name="stage_second_look",
                violation_error_message=_("A second look says how many further readings it takes."),
            ),
            models.CheckConstraint(
                condition=~Q(second_look_readings=0) & ~Q(second_look_entries=0),
                name="stage_second_look_counts",
                violation_error_message=_("A second look takes one reading of one entry at least."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def tone(self) -> str:
        return STAGE_TONES[self.status]

    @property
    def scale(self) -> Scale:
        return Scale(self.scale_min, self.scale_max, self.scale_step)


class Criterion(models.Model):
    """A weighted question. Weight 0: shown and answered, not counted."""

    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="criteria")
    key = models.CharField(max_length=40, validators=[KEY])
    label = models.CharField(_("Label"), max_length=160)
    label_en = models.CharField(_("Label in English"), max_length=160, blank=True)
    help_text = models.TextField(_("Guidance"), blank=True)
    weight = models.DecimalField(_("Weight (%)"), max_digits=6, decimal_places=3)
    # The section of the form that the judge reads for it, by key.
    section_key = models.CharField(max_length=40, blank=True)
    # Labelled levels from low to high: [{"value": "25", "label": "..."}, ...].
    levels = models.JSONField(default=list, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["stage", "key"], name="criterion_key"),
            models.CheckConstraint(
                condition=Q(weight__gte=0, weight__lte=100),
                name="criterion_weight",
                violation_error_message=_("A weight lies between 0 and 100."),
            ),
        ]

    def __str__(self) -> str:
        return self.label_en if get_language() == "en" and self.label_en else self.label
