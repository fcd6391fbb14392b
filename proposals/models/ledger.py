"""Two lists of a proposal: what it claims to have changed, and who did it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from proposals.models.proposal import Attachment, Proposal

DIGITS, PLACES = 14, 4


class ClaimState(models.TextChoices):
    """How well a claim stands. The first two follow from its source; people find the others."""

    CLAIMED = "claimed", _("Claimed")
    DOCUMENTED = "documented", _("Documented")
    SEEN = "seen", _("Seen in the field")
    CONTRADICTED = "contradicted", _("Contradicted")


class Line(models.Model):
    """A row of such a list. It has a version of its own: two people never overwrite each other."""

    order = models.PositiveSmallIntegerField(default=0, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    saved_at = models.DateTimeField(editable=False)

    class Meta:
        abstract = True
        ordering = ["order", "pk"]


class Claim(Line):
    """One claim of impact: an indicator before and after, and the file that shows it."""

    class Better(models.TextChoices):
        HIGHER = "higher", _("A higher number is better")
        LOWER = "lower", _("A lower number is better")

    proposal = models.ForeignKey(
        Proposal, on_delete=models.CASCADE, related_name="claims", editable=False
    )
    indicator = models.CharField(_("Indicator"), max_length=160)
    before = models.DecimalField(
        _("Before the innovation"), max_digits=DIGITS + PLACES, decimal_places=PLACES
    )
    after = models.DecimalField(_("After it"), max_digits=DIGITS + PLACES, decimal_places=PLACES)
    measure = models.CharField(_("Unit of measure"), max_length=40)
    better = models.CharField(_("What is better"), max_length=6, choices=Better)
    period = models.CharField(_("Period"), max_length=80)
    method = models.CharField(_("How it was measured"), max_length=300)
    source = models.ForeignKey(
        Attachment,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="claims",
        verbose_name=_("Source"),
    )

    class Meta(Line.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(before__lt=10**DIGITS, after__lt=10**DIGITS)
                & Q(before__gt=-(10**DIGITS), after__gt=-(10**DIGITS)),
                name="claim_finite",
            ),
            models.CheckConstraint(
                condition=Q(better__in=["higher", "lower"]), name="claim_better"
            ),
        ]

    def __str__(self) -> str:
        return self.indicator


class TeamMember(Line):
    """A person of the team. The NIP is for the letters only: nobody who judges ever reads it."""

    proposal = models.ForeignKey(
        Proposal, on_delete=models.CASCADE, related_name="team", editable=False
    )
    name = models.CharField(_("Full name with titles"), max_length=150)
    role = models.CharField(_("Role in the team"), max_length=80)
    nip = models.CharField(_("NIP"), max_length=18, blank=True)

    class Meta(Line.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(nip="") | Q(nip__regex=r"^[0-9]{18}$"),
                name="teammember_nip",
                violation_error_message=_("An NIP has 18 digits."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
