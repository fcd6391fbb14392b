from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit

if TYPE_CHECKING:
    from competitions.roles import Actor


class InnovationQuerySet(models.QuerySet["Innovation"]):
    def enterable_by(self, actor: Actor) -> Self:
        """Innovations of the units that the person writes for, or endorses for or above.

        Also of units that ended and whose work goes on in one of these.
        """
        wanted = Q(pk__in=actor.author_of)
        for path in actor.endorser_of.values():
            wanted |= Q(path__startswith=path)
        return self.filter(unit__in=Unit.objects.filter(wanted).with_former())


class Innovation(models.Model):
    """The thing itself, over the years and levels. The unit is unknown for some old entries."""

    title = models.CharField(_("Title"), max_length=200)
    expansion = models.CharField(_("What the name stands for"), max_length=300, blank=True)
    unit = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="innovations",
        verbose_name=_("Unit"),
    )
    started_on = models.DateField(_("Implemented since"), null=True, blank=True)
    sector = models.CharField(_("Sector"), max_length=120, blank=True)
    created_at = models.DateTimeField()

    objects = InnovationQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("title"),
                F("unit"),
                name="innovation_title_in_unit",
                violation_error_message=_("The unit has an innovation of this title already."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def carrier(self) -> Unit | None:
        """Who enters it now: its unit, or the successor of one that ended."""
        return self.unit and self.unit.carrier

    @property
    def number(self) -> str:
        """`INOV-000123`: from the identity column's sequence, which gives no number twice."""
        return innovation_number(self.pk)


def innovation_number(pk: int) -> str:
    return f"INOV-{pk:06d}"


class EarlierAward(models.Model):
    """What an innovation won, here or elsewhere: read by the eligibility rules and the register."""

    innovation = models.ForeignKey(Innovation, on_delete=models.CASCADE, related_name="history")
    contest = models.CharField(_("Competition"), max_length=160)
    level = models.CharField(_("Level"), max_length=20)
    year = models.PositiveSmallIntegerField(_("Year"), null=True, blank=True)
    tier = models.CharField(_("Result"), max_length=80)
    # What won it, if that was in this portal: released, so the public may know of it.
    submission = models.ForeignKey(
        "proposals.Submission",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="awards_won",
    )

    class Meta:
        ordering = ["-year", "contest"]
        constraints = [
            models.UniqueConstraint(
                fields=["innovation", "contest", "year", "tier"],
                nulls_distinct=False,
                name="earlieraward_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contest} {self.year or ''}: {self.tier}"
