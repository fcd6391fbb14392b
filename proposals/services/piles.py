"""Many endorsed with one statement: each that was read, each with its own receipt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User
from proposals.models import Proposal, Reading, Submission
from proposals.services.locks import lock_proposal, lock_with_deadlines
from proposals.services.sending import find_sent, submit_proposal
from proposals.workflow import ProposalStatus


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one proposal of a pile: a receipt, or why there is none."""

    proposal: Proposal
    receipt: str = ""
    refusal: str = ""


@transaction.atomic
def mark_read(proposal: Proposal, *, version: int, by: User, at: datetime) -> None:
    """Keep that this person has read the version that was shown; it may go into a pile now."""
    lock_proposal(proposal)
    if proposal.status != ProposalStatus.AWAITING:
        raise ValidationError(_("It is not on your desk at present."), code="not_now")
    if proposal.version != version:
        raise ValidationError(
            _("The proposal has changed since you opened it. Read it again."), code="stale"
        )
    _reading, is_new = Reading.objects.get_or_create(
        proposal=proposal, reader=by, version=version, defaults={"read_at": at}
    )
    if is_new:
        record(by, "proposal.read", proposal, at=at)


def submit_pile(
    proposals: Iterable[Proposal], *, token: UUID, by: User, at: datetime
) -> list[Outcome]:
    """Endorse each in a transaction of its own: one that is refused does not stop the others."""
    return [_outcome(proposal, token=token, by=by, at=at) for proposal in proposals]


def _outcome(proposal: Proposal, *, token: UUID, by: User, at: datetime) -> Outcome:
    try:
        own = uuid5(token, str(proposal.pk))
        submission = submit_read(proposal, token=own, by=by, at=at)
    except ValidationError as error:
        return Outcome(proposal, refusal=error.messages[0])
    return Outcome(proposal, receipt=submission.receipt)


@transaction.atomic
def submit_read(proposal: Proposal, *, token: UUID, by: User, at: datetime) -> Submission:
    """Endorse what this person has read, as it was read."""
    lock_with_deadlines(proposal)
    if known := find_sent(proposal, token=token):
        return known
    has_read = Reading.objects.filter(proposal=proposal, reader=by, version=proposal.version)
    if proposal.status == ProposalStatus.AWAITING and not has_read.exists():
        raise ValidationError(
            _("Read it first: it has changed since, or you have not marked it as read."),
            code="unread",
        )
    return submit_proposal(proposal, token=token, by=by, at=at)
