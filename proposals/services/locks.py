"""Rows and rounds held until the decision is committed; the round always first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import structlog
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kipp.lib.prepared import Prepared, given
from proposals.models import Proposal
from proposals.queries.deadlines import Deadlines, Window, lock_deadlines, with_grace
from proposals.workflow import EDITABLE

HELD = Prepared(
    lambda: Proposal.objects.for_page().select_for_update(of=("self",)).filter(pk=given("proposal"))
)
log = structlog.get_logger(__name__)


def require_open(window: Window | None, *, at: datetime) -> None:
    """Raise with code `no_round`, `not_open` or `closed`. The end is exclusive."""
    if window is None:
        raise ValidationError(
            _("The committee has not set the dates of submission yet."), code="no_round"
        )
    if at < window.starts_at:
        raise ValidationError(_("Submission has not begun yet."), code="not_open")
    if at >= window.ends_at:
        # For whoever complains: the instant that was judged, and the end that was in force.
        log.info("came_late", received_at=at.isoformat(), ends_at=window.ends_at.isoformat())
        raise ValidationError(
            _("The time for this step has ended. What you wrote is kept."), code="closed"
        )


def lock_with_deadlines(proposal: Proposal) -> Deadlines:
    """The rounds first, then the proposal; its ends, with what a return has given it."""
    deadlines = lock_deadlines(proposal.competition, unit=proposal.unit)
    lock_proposal(proposal)
    return with_grace(deadlines, proposal)


def lock_proposal(proposal: Proposal) -> None:
    """Nobody else moves it until this transaction ends; see what the last one left.

    As `refresh_from_db` with what `for_page` joins, planned once: every save waits for it.
    """
    held = HELD.first(proposal=proposal.pk)
    if held is None:
        raise Proposal.DoesNotExist
    vars(proposal).pop("_prefetched_objects_cache", None)
    vars(proposal).update(vars(held))


def lock_editable(proposal: Proposal, *, parts: Iterable[str] = ()) -> None:
    """For whoever writes on the proposal itself; raises code `not_now`, or `locked` for a part."""
    lock_proposal(proposal)
    require_editable(proposal, parts=parts)


def require_editable(proposal: Proposal, *, parts: Iterable[str]) -> None:
    """`parts` are targets such as `section:KEY`; a completion opens only some of them."""
    if proposal.status not in EDITABLE:
        raise ValidationError(
            _("The proposal is no longer with you: it cannot be changed now."), code="not_now"
        )
    if not all(proposal.is_open_at(part) for part in parts):
        raise ValidationError(
            _("The committee has not opened this part for the completion."), code="locked"
        )
