from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from judging.models.results import Publication
from judging.workflow import ObjectionStatus
from proposals.models import Proposal

if TYPE_CHECKING:
    from competitions.roles import Actor

TONES: dict[str, str] = {
    ObjectionStatus.OPEN: "wait",
    ObjectionStatus.UPHELD: "danger",
    ObjectionStatus.REJECTED: "muted",
}


class ObjectionQuerySet(models.QuerySet["Objection"]):
    def visible_to(self, actor: Actor) -> Self:
        """For the committee; whoever objected follows the own one by its code."""
        return self.filter(publication__competition__in=actor.seats)


class Objection(models.Model):
    """What somebody holds against released results. Reason and answer stand as they were given."""

    publication = models.ForeignKey(
        Publication, on_delete=models.PROTECT, related_name="objections"
    )
    number = models.PositiveIntegerField()
    # The address under which whoever objected reads the answer: not to be guessed.
    code = models.CharField(max_length=24, unique=True)
    # Empty: against the list as a whole.
    proposal = models.ForeignKey(
        Proposal, on_delete=models.PROTECT, null=True, blank=True, related_name="objections"
    )
    reason_key = models.CharField(max_length=40)
    reason_label = models.CharField(max_length=160)
    reason_article = models.CharField(max_length=80)
    text = models.TextField(_("What is wrong"))
    evidence_name = models.CharField(max_length=150, blank=True)
    evidence_type = models.CharField(max_length=40, blank=True)
    evidence_sha256 = models.CharField(max_length=64, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField(_("Name"), max_length=150)
    contact = models.EmailField(_("E-mail"), max_length=254)
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    appointed_at = models.DateTimeField(null=True, blank=True)
    status = models.CharField(
        max_length=10, choices=ObjectionStatus, default=ObjectionStatus.OPEN, editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    decision = models.TextField(_("Answer"), blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["publication", "number"], name="objection_number"),
            models.UniqueConstraint(
                fields=["publication", "contact", "reason_key", "proposal"],
                condition=Q(status="open"),
                nulls_distinct=False,
                name="objection_once",
                violation_error_message=_(
                    "You have objected for this reason already. It waits for its answer."
                ),
            ),
            models.CheckConstraint(
                condition=Q(status="open", decided_at=None)
                | (Q(officer__isnull=False, decided_at__isnull=False) & ~Q(decision="")),
                name="objection_decided",
            ),
            models.CheckConstraint(
                condition=Q(officer=None) | Q(made_by=None) | ~Q(officer=F("made_by")),
                name="objection_not_by_the_objector",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.publication} / {self.number}"

    @property
    def tone(self) -> str:
        return TONES[self.status]
