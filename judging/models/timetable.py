"""When and where the teams of a stage present: the frame, who cannot when, and the slots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from judging.models.panel import Panelist
from judging.models.scoring import Entry
from judging.models.stage import Stage
from judging.workflow import SlotStatus

if TYPE_CHECKING:
    from competitions.roles import Actor


class TimetableQuerySet(models.QuerySet["Timetable"]):
    def visible_to(self, actor: Actor) -> Self:
        """Once released it is everybody's; before, the committee's."""
        return self.filter(Q(released_at__isnull=False) | Q(stage__competition__in=actor.seats))


class Timetable(models.Model):
    """Of one presentation stage. Any change of it or of its slots counts `version` up."""

    stage = models.OneToOneField(Stage, on_delete=models.CASCADE, related_name="timetable")
    slot_minutes = models.PositiveSmallIntegerField(_("Minutes per team"), default=20)
    rooms = ArrayField(models.CharField(max_length=80), verbose_name=_("Rooms"))
    # Times of every day in which nobody presents: ["12:00-13:00"].
    pauses = ArrayField(
        models.CharField(max_length=11), verbose_name=_("Breaks"), default=list, blank=True
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    seed = models.BigIntegerField(null=True, editable=False)
    released_at = models.DateTimeField(null=True, blank=True, editable=False)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    objects = TimetableQuerySet.as_manager()

    class Meta:
        ordering = ["stage"]
        constraints = [
            models.CheckConstraint(
                condition=Q(slot_minutes__gte=1, slot_minutes__lte=480),
                name="timetable_slot_minutes",
                violation_error_message=_("A slot lasts from 1 to 480 minutes."),
            ),
            models.CheckConstraint(
                condition=Q(released_at=None, released_by=None)
                | Q(released_at__isnull=False, released_by__isnull=False),
                name="timetable_released",
            ),
        ]

    def __str__(self) -> str:
        return str(self.stage)

    @property
    def is_released(self) -> bool:
        return self.released_at is not None


class PresentationDay(models.Model):
    timetable = models.ForeignKey(Timetable, on_delete=models.CASCADE, related_name="days")
    starts_at = models.DateTimeField(_("Starts at"))
    ends_at = models.DateTimeField(_("Ends at"))

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="presentationday_ends",
                violation_error_message=_("A day ends after it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d}"


class Wish(models.Model):
    """What a unit asks of its slot. Words of `judging.scheduling.Want`."""

    class Want(models.TextChoices):
        NOT_ON = "not_on", _("Not on this day")
        NOT_BEFORE = "not_before", _("Not before this hour")
        NOT_AFTER = "not_after", _("Over by this hour")

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="wishes")
    want = models.CharField(_("Wish"), max_length=10, choices=Want)
    day = models.DateField(_("Day"), null=True, blank=True)
    clock = models.TimeField(_("Hour"), null=True, blank=True)
    noted_at = models.DateTimeField()

    class Meta:
        ordering = ["entry", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "want", "day", "clock"],
                name="wish_once",
                nulls_distinct=False,
                violation_error_message=_("This wish is on the list already."),
            ),
            models.CheckConstraint(
                condition=Q(want="not_on", day__isnull=False, clock=None)
                | Q(want__in=["not_before", "not_after"], day=None, clock__isnull=False),
                name="wish_whole",
                violation_error_message=_("Give a day or an hour, as the wish asks for."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_want_display()


class Absence(models.Model):
    """When a judge cannot be there."""

    panelist = models.ForeignKey(Panelist, on_delete=models.CASCADE, related_name="absences")
    starts_at = models.DateTimeField(_("From"))
    ends_at = models.DateTimeField(_("Until"))

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["panelist", "starts_at", "ends_at"],
                name="absence_once",
                violation_error_message=_("This absence is on the list already."),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="absence_ends",
                violation_error_message=_("An absence ends after it starts."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.panelist)


class Slot(models.Model):
    """One place of the timetable, with the team that presents there or free."""

    timetable = models.ForeignKey(Timetable, on_delete=models.CASCADE, related_name="slots")
    room = models.CharField(max_length=80)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    entry = models.OneToOneField(
        Entry, on_delete=models.PROTECT, null=True, blank=True, related_name="slot"
    )
    status = models.CharField(
        max_length=10, choices=SlotStatus, default=SlotStatus.WAITING, editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    called_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["starts_at", "room"]
        constraints = [
            models.UniqueConstraint(fields=["timetable", "room", "starts_at"], name="slot_place"),
            models.UniqueConstraint(
                fields=["timetable", "room"],
                condition=Q(status="now"),
                name="slot_now",
                violation_error_message=_("Another team presents in this room. Finish it first."),
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="slot_ends"),
            models.CheckConstraint(
                condition=Q(entry__isnull=False) | Q(status="waiting"), name="slot_team"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.room} {self.starts_at:%Y-%m-%d %H:%M}"
