from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from competitions.models.rounds import Round


class Workshop(models.Model):
    """The day that opens the year; its dates are the round's."""

    round = models.OneToOneField(Round, on_delete=models.CASCADE, related_name="workshop")
    place = models.CharField(_("Place"), max_length=200, blank=True)
    online_url = models.URLField(_("Online meeting"), blank=True)
    speaker = models.CharField(_("Speaker"), max_length=200, blank=True)
    agenda = models.TextField(_("Agenda"), blank=True)
    seats = models.PositiveIntegerField(_("Seats"))
    seats_per_unit = models.PositiveSmallIntegerField(_("Seats per unit"), default=2)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(seats__gt=0, seats_per_unit__gt=0), name="workshop_seats"
            ),
        ]

    def __str__(self) -> str:
        return str(self.round)


class Attendee(models.Model):
    """A person whom a unit sends. The ticket is what the QR code carries."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="attendees")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="attendees")
    full_name = models.CharField(_("Full name with titles"), max_length=150)
    ticket = models.CharField(max_length=40, unique=True, editable=False)
    signed_up_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    signed_up_at = models.DateTimeField()
    attended_at = models.DateTimeField(null=True, blank=True)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        ordering = ["unit__name", "full_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["workshop", "unit", "full_name"],
                name="attendee_once",
                violation_error_message=_("This person is signed up already."),
            ),
        ]

    def __str__(self) -> str:
        return self.full_name


class Material(models.Model):
    """A file or a link that the workshop hands out."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="materials")
    title = models.CharField(_("Title"), max_length=200)
    url = models.URLField(_("Link"), blank=True)
    file_name = models.CharField(max_length=160, blank=True)
    media_type = models.CharField(max_length=80, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(url="") & ~Q(sha256="")) | (~Q(url="") & Q(sha256="")),
                name="material_file_or_link",
                violation_error_message=_("Give a file or a link, not both."),
            ),
        ]

    def __str__(self) -> str:
        return self.title
