"""The final send: tiny, decided once, frozen."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User
from kipp.lib.text import clean_text
from proposals.models import Endorsement, Proposal, Submission
from proposals.queries.whole import Whole, hold_whole
from proposals.services.checking import keep_checks
from proposals.services.endorsing import require_complete
from proposals.services.letters import tell_authors
from proposals.services.locks import lock_with_deadlines, require_open
from proposals.services.sealing import receive, token_is_taken
from proposals.workflow import PROPOSAL_FLOW, ProposalMove, ProposalStatus


@transaction.atomic
def submit_proposal(proposal: Proposal, *, token: UUID, by: User, at: datetime) -> Submission:
    """Endorse and hand over to the committee. The same token gives the same receipt, ever after.

    `at` is the instant at which the server had the whole request, by the database's clock: waiting
    for a lock or a slow disk does not make a punctual request late. The verdict falls under the
    lock of the rounds, so that moving a deadline and a send see each other.
    """
    whole = hold_whole(proposal, by=by)
    if known := find_sent(proposal, token=token):
        return known
    PROPOSAL_FLOW.check(proposal.status, ProposalMove.SUBMIT)
    require_open(whole.deadlines.endorsing, at=at)
    _require_endorser(whole)
    findings = require_complete(proposal, whole)
    Endorsement.objects.create(
        proposal=proposal,
        verdict=Endorsement.Verdict.ENDORSED,
        decided_by=by,
        decided_at=at,
    )
    PROPOSAL_FLOW.advance(proposal, ProposalMove.SUBMIT, held_since=at, submitted_at=at)
    told = whole.members
    return receive(proposal, findings, told, move="submitted", token=token, by=by, at=at)


@transaction.atomic
def resubmit_completion(proposal: Proposal, *, token: UUID, by: User, at: datetime) -> Submission:
    """Send what the committee asked for, before the date that it set; a new receipt is made."""
    whole = hold_whole(proposal, by=by)
    if known := find_sent(proposal, token=token):
        return known
    PROPOSAL_FLOW.check(proposal.status, ProposalMove.RESUBMIT)
    if proposal.completion_due_at is None or at >= proposal.completion_due_at:
        raise ValidationError(
            _("The time for completing this proposal has ended. What you wrote is kept."),
            code="closed",
        )
    findings = require_complete(proposal, whole)
    older = proposal.submissions.select_for_update().get(superseded_at=None)
    proposal.submissions.filter(superseded_at=None).update(superseded_at=at)
    PROPOSAL_FLOW.advance(
        proposal,
        ProposalMove.RESUBMIT,
        held_since=at,
        submitted_at=at,
        completion_due_at=None,
        unlocked=[],
    )
    told = whole.members
    submission = receive(proposal, findings, told, move="resubmitted", token=token, by=by, at=at)
    keep_checks(submission, older=older)
    return submission


@transaction.atomic
def withdraw_proposal(proposal: Proposal, *, reason: str, by: User, at: datetime) -> None:
    """Take it out of the competition before the close; the innovation may be entered again."""
    cleaned = clean_text(reason).strip()
    if not cleaned:
        raise ValidationError(_("Write why the proposal is withdrawn."), code="no_reason")
    deadlines = lock_with_deadlines(proposal)
    PROPOSAL_FLOW.check(proposal.status, ProposalMove.WITHDRAW)
    if proposal.status in {ProposalStatus.AWAITING, ProposalStatus.SUBMITTED}:
        require_open(deadlines.endorsing, at=at)
    proposal.submissions.filter(superseded_at=None).update(superseded_at=at)
    PROPOSAL_FLOW.advance(proposal, ProposalMove.WITHDRAW, held_since=at)
    tell_authors(proposal, "proposal_withdrawn", at=at, context={"reason": cleaned})
    record(by, "proposal.withdrawn", proposal, at=at, reason=cleaned)


def _require_endorser(whole: Whole) -> None:
    """Asked under the locks: whoever ended the membership while this waited was faster."""
    if not whole.may_endorse:
        raise ValidationError(_("You do not endorse for this agency any more."), code="not_now")


def find_sent(proposal: Proposal, *, token: UUID) -> Submission | None:
    """What this very form sent before, if it did; a token of another proposal is refused.

    Of a proposal that was never sent nothing is asked: there the token's own uniqueness refuses.
    """
    if proposal.submitted_at is None:
        return None
    known = Submission.objects.filter(token=token).first()
    if known and known.proposal_id != proposal.pk:
        raise token_is_taken()
    return known
