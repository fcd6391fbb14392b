from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from proposals.models.proposal import Proposal


class Authorisation(models.Model):
    """An endorser's word in advance: what is valid shortly before the close is sent by itself.

    It ends when it is used or revoked, and when the endorser returns the proposal.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="authorisations")
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    # When it was last looked whether something is missing, to tell of it in time.
    looked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-given_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal"],
                condition=Q(ended_at=None),
                name="authorisation_once",
                violation_error_message=_("The automatic submission is authorised already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal} - {self.given_by}"
