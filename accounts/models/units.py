"""Units: one tree of governments, agencies and service units, with its history."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.core.exceptions import EmptyResultSet
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.roles import Member


class UnitQuerySet(models.QuerySet["Unit"]):
    def visible_to(self, member: Member) -> Self:
        """The units whose page this person may open."""
        if member.is_admin:
            return self
        own = Q(pk__in=member.author_of)
        for path in member.endorser_of.values():
            own |= Q(path__startswith=path)
        return self.filter(own)

    def within(self, unit: Unit) -> Self:
        """The unit itself and all below it."""
        return self.filter(path__startswith=unit.path)

    def existing_on(self, at: datetime) -> Self:
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=at.date()))

    def with_former(self) -> Self:
        """These, and the units that ended and whose line of successors leads to one of these."""
        try:
            these, params = self.order_by().values("pk").query.sql_with_params()
        except EmptyResultSet:
            return self.none()
        line = RawSQL(FORMER.format(these=these), params)  # noqa: S611 - Django's own statement
        return Unit.objects.filter(pk__in=line)  # type: ignore[return-value]


FORMER = """
WITH RECURSIVE line (id) AS (
    {these} UNION SELECT former.id FROM accounts_unit AS former
    JOIN line ON former.successor_id = line.id
) SELECT id FROM line
"""


class Unit(models.Model):
    """A node of the one tree: government > agency > service unit (a province holds its cities)."""

    class Level(models.TextChoices):
        GOVERNMENT = "government", _("Government")
        AGENCY = "agency", _("Agency")
        SERVICE = "service", _("Service unit")

    name = models.CharField(_("Name"), max_length=200)
    abbr = models.CharField(_("Abbreviation"), max_length=60, blank=True)
    code = models.CharField(_("Code"), max_length=40, blank=True)
    level = models.CharField(_("Level"), max_length=10, choices=Level)
    kind = models.CharField(_("Kind"), max_length=40, blank=True)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("Belongs to"),
    )
    # "/3/17/204/": every ancestor and the unit itself; written by the service that places it.
    path = models.CharField(max_length=200, editable=False, default="")
    started_on = models.DateField(_("Exists since"), null=True, blank=True)
    ended_on = models.DateField(_("Ended on"), null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name=_("Continued by"),
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        indexes = [
            models.Index(fields=["path"], name="unit_path", opclasses=["text_pattern_ops"]),
        ]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                F("parent"),
                condition=Q(ended_on=None),
                nulls_distinct=False,
                name="unit_name_among_siblings",
                violation_error_message=_("A unit of this name exists here already."),
            ),
            models.CheckConstraint(
                condition=Q(successor=None) | Q(ended_on__isnull=False),
                name="unit_successor_after_end",
                violation_error_message=_("Only a unit that has ended has a successor."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def lineage(self) -> tuple[int, ...]:
        """Ids from the root down to the unit itself."""
        return tuple(int(part) for part in self.path.split("/") if part)

    @property
    def carrier(self) -> Unit:
        """The last of its line of successors: the unit itself, unless it named one."""
        unit = self
        while unit.successor:
            unit = unit.successor
        return unit

    def is_within(self, other: Unit) -> bool:
        return self.path.startswith(other.path)
