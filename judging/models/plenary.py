"""The plenary on a frozen ranking: what is discussed in which order, and what it moves."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from judging.models.results import Ranking
from judging.models.scoring import Entry
from judging.workflow import ReorderingStatus


class Plenary(models.Model):
    """One session. `ranking` is the version it was convened on; what it moves makes later ones."""

    ranking = models.ForeignKey(Ranking, on_delete=models.PROTECT, related_name="plenaries")
    # Of the item that is discussed now.
    current = models.PositiveIntegerField(null=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["ranking", "-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ranking"],
                condition=Q(closed_at=None),
                name="plenary_in_session",
                violation_error_message=_("The plenary of this ranking is in session already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ranking}"


class PlenaryItem(models.Model):
    """An entry in the order of discussion, with the figures that put it there."""

    plenary = models.ForeignKey(
        Plenary, on_delete=models.CASCADE, related_name="items", db_index=False
    )
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    # Of standing inside the line, in whole percent; empty where the readings do not say.
    chance = models.PositiveSmallIntegerField(null=True)
    margin = models.DecimalField(max_digits=20, decimal_places=9, null=True)
    called_at = models.DateTimeField(null=True)
    # Names of who was asked to leave when it was called.
    away = models.JSONField(default=list)

    class Meta:
        ordering = ["plenary", "position"]
        constraints = [
            models.UniqueConstraint(fields=["plenary", "position"], name="plenaryitem_position"),
            models.UniqueConstraint(fields=["plenary", "entry"], name="plenaryitem_once"),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.entry}"


class Reordering(models.Model):
    """One change of the order: the chair's, with its reason; it counts once a second confirms."""

    plenary = models.ForeignKey(Plenary, on_delete=models.PROTECT, related_name="reorderings")
    number = models.PositiveIntegerField()
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    place = models.PositiveIntegerField(_("New place"))
    reason = models.TextField(_("Reason"))
    status = models.CharField(
        max_length=10,
        choices=ReorderingStatus,
        default=ReorderingStatus.PROPOSED,
        editable=False,
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["plenary", "number"]
        constraints = [
            models.UniqueConstraint(fields=["plenary", "number"], name="reordering_number"),
            models.CheckConstraint(condition=~Q(reason=""), name="reordering_reason"),
            models.CheckConstraint(condition=Q(place__gte=1), name="reordering_place"),
            models.CheckConstraint(
                condition=~Q(status="confirmed")
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by"))),
                name="reordering_second_person",
                violation_error_message=_("A second person confirms what one person proposed."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry}: {self.place}"
