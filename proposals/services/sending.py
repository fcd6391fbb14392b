"""The final send: tiny, decided once, frozen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User
from kipp.lib.text import clean_text
from proposals.content import digest, receipt_number
from proposals.eligibility import Finding
from proposals.findings import freeze
from proposals.models import Endorsement, Proposal, Submission
from proposals.queries.deadlines import lock_deadlines
from proposals.queries.freezing import content_of
from proposals.receipts import GENESIS, seal
from proposals.services.endorsing import require_complete
from proposals.services.letters import tell_authors, tell_unit
from proposals.services.locks import lock_proposal, require_open
from proposals.workflow import PROPOSAL_FLOW, ProposalMove, ProposalStatus

# Serialises the counting of one competition's receipts; beside it stands the competition's id.
RECEIPT_LOCK = 0x52435054


@transaction.atomic
def submit_proposal(proposal: Proposal, *, token: UUID, by: User, at: datetime) -> Submission:
    """Endorse and hand over to the committee. The same token gives the same receipt, ever after.

    `at` is the instant at which the server had the whole request, by the database's clock: waiting
    for a lock or a slow disk does not make a punctual request late. The verdict falls under the
    lock of the rounds, so that moving a deadline and a send see each other.
    """
    deadlines = lock_deadlines(proposal.competition, unit=proposal.unit)
    lock_proposal(proposal)
    if known := find_sent(proposal, token=token):
        return known
    PROPOSAL_FLOW.check(proposal.status, ProposalMove.SUBMIT)
    require_open(deadlines.endorsing, at=at)
    findings = require_complete(proposal)
    Endorsement.objects.create(
        proposal=proposal,
        verdict=Endorsement.Verdict.ENDORSED,
        decided_by=by,
        decided_at=at,
    )
    PROPOSAL_FLOW.advance(proposal, ProposalMove.SUBMIT, held_since=at, submitted_at=at)
    submission = _freeze(proposal, findings, token=token, by=by, at=at)
    tell_unit(proposal, "proposal_submitted", at=at, context={"submission": submission})
    record(
        by,
        "proposal.submitted",
        proposal,
        at=at,
        receipt=submission.receipt,
        sha256=submission.sha256,
        judged_at=submission.judged_at.isoformat(),
    )
    return submission


@transaction.atomic
def resubmit_completion(proposal: Proposal, *, token: UUID, by: User, at: datetime) -> Submission:
    """Send what the committee asked for, before the date that it set; a new receipt is made."""
    lock_proposal(proposal)
    if known := find_sent(proposal, token=token):
        return known
    PROPOSAL_FLOW.check(proposal.status, ProposalMove.RESUBMIT)
    if proposal.completion_due_at is None or at >= proposal.completion_due_at:
        raise ValidationError(
            _("The time for completing this proposal has ended. What you wrote is kept."),
            code="closed",
        )
    findings = require_complete(proposal)
    proposal.submissions.filter(superseded_at=None).update(superseded_at=at)
    PROPOSAL_FLOW.advance(
        proposal,
        ProposalMove.RESUBMIT,
        held_since=at,
        submitted_at=at,
        completion_due_at=None,
        unlocked=[],
    )
    submission = _freeze(proposal, findings, token=token, by=by, at=at)
    tell_unit(proposal, "proposal_resubmitted", at=at, context={"submission": submission})
    record(
        by,
        "proposal.resubmitted",
        proposal,
        at=at,
        receipt=submission.receipt,
        sha256=submission.sha256,
        judged_at=submission.judged_at.isoformat(),
    )
    return submission


@transaction.atomic
def withdraw_proposal(proposal: Proposal, *, reason: str, by: User, at: datetime) -> None:
    """Take it out of the competition before the close; the innovation may be entered again."""
    cleaned = clean_text(reason).strip()
    if not cleaned:
        raise ValidationError(_("Write why the proposal is withdrawn."), code="no_reason")
    deadlines = lock_deadlines(proposal.competition, unit=proposal.unit)
    lock_proposal(proposal)
    PROPOSAL_FLOW.check(proposal.status, ProposalMove.WITHDRAW)
    if proposal.status in {ProposalStatus.AWAITING, ProposalStatus.SUBMITTED}:
        require_open(deadlines.endorsing, at=at)
    proposal.submissions.filter(superseded_at=None).update(superseded_at=at)
    PROPOSAL_FLOW.advance(proposal, ProposalMove.WITHDRAW, held_since=at)
    tell_authors(proposal, "proposal_withdrawn", at=at, context={"reason": cleaned})
    record(by, "proposal.withdrawn", proposal, at=at, reason=cleaned)


def find_sent(proposal: Proposal, *, token: UUID) -> Submission | None:
    """What this very form sent before, if it did; a token of another proposal is refused."""
    known = Submission.objects.filter(token=token).first()
    if known and known.proposal_id != proposal.pk:
        raise ValidationError(
            _("This form was already used for another proposal. Reload the page."), code="token"
        )
    return known


def _freeze(
    proposal: Proposal, findings: Iterable[Finding], *, token: UUID, by: User, at: datetime
) -> Submission:
    number, previous, judged_at = _next_place(proposal)
    receipt = receipt_number(proposal.competition.slug, number=number)
    content = content_of(proposal, receipt=receipt)
    submission = Submission(
        proposal=proposal,
        competition=proposal.competition,
        number=number,
        receipt=receipt,
        token=token,
        content=content,
        sha256=digest(content),
        findings=[freeze(finding) for finding in findings],
        received_at=at,
        judged_at=judged_at,
        submitted_by=by,
    )
    seal(submission, previous=previous)
    submission.save(force_insert=True)
    return submission


def _next_place(proposal: Proposal) -> tuple[int, str, datetime]:
    """The next number, the link it follows and the database's clock, which must not run back.

    Without gaps: the place is taken under a lock and given back if the transaction fails.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, %s)", [RECEIPT_LOCK, proposal.competition_id]
        )
        cursor.execute(LAST_PLACE, [proposal.competition_id])
        judged_at, number, link = cursor.fetchone()
    return number + 1, link or GENESIS, judged_at


LAST_PLACE = """
SELECT greatest(clock_timestamp(), last.judged_at), coalesce(last.number, 0), last.link
FROM (SELECT) AS always LEFT JOIN LATERAL (
    SELECT number, link, judged_at FROM proposals_submission
    WHERE competition_id = %s ORDER BY number DESC LIMIT 1
) AS last ON true
"""
