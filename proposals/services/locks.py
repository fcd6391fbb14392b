"""Rows and rounds held until the decision is committed; the round always first."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext_lazy as _

from proposals.models import Proposal
from proposals.queries.deadlines import Window
from proposals.workflow import EDITABLE


def require_open(window: Window | None, *, at: datetime) -> None:
    """Raise with code `no_round`, `not_open` or `closed`. The end is exclusive."""
    if window is None:
        raise ValidationError(
            _("The committee has not set the dates of submission yet."), code="no_round"
        )
    if at < window.starts_at:
        raise ValidationError(_("Submission has not begun yet."), code="not_open")
    if at >= window.ends_at:
        raise ValidationError(
            _("The time for this step has ended. What you wrote is kept."), code="closed"
        )


def lock_proposal(proposal: Proposal) -> None:
    """Nobody else moves it until this transaction ends; see what the last one left."""
    proposal.refresh_from_db(from_queryset=Proposal.objects.select_for_update())


def lock_editable(proposal: Proposal) -> None:
    """For whoever writes on the proposal itself; raises code `not_now`."""
    lock_proposal(proposal)
    require_editable(proposal.status)


def hold_editable(proposal: Proposal) -> None:
    """Many may write at once, but nobody may send it away meanwhile; raises code `not_now`.

    Only for rows beside the proposal's own: two that hold it and then want it alone never end.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT status FROM proposals_proposal WHERE id = %s FOR SHARE", [proposal.pk]
        )
        row = cursor.fetchone()
    require_editable(row[0] if row else "")


def require_editable(status: str) -> None:
    if status not in EDITABLE:
        raise ValidationError(
            _("The proposal is no longer with you: it cannot be changed now."), code="not_now"
        )
