"""The committee's decision on a submission: pass, refuse, return for completion, reopen."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User
from competitions.models import Round
from kipp.lib.text import clean_text
from proposals.models import Proposal, ReasonCode, Screening, Submission
from proposals.services.letters import tell_unit
from proposals.services.locks import lock_proposal
from proposals.workflow import PROPOSAL_FLOW, ProposalMove, ProposalStatus

Verdict = Screening.Verdict

# Verdict: the move that it makes, the mail that tells of it, the word in the trail.
DECISIONS: dict[str, tuple[ProposalMove, str, str]] = {
    Verdict.PASSED: (ProposalMove.ACCEPT, "proposal_passed", "proposal.passed"),
    Verdict.FAILED: (ProposalMove.REJECT, "proposal_failed", "proposal.failed"),
    Verdict.COMPLETION: (
        ProposalMove.RETURN_FOR_COMPLETION,
        "proposal_completion",
        "proposal.returned_for_completion",
    ),
}


@transaction.atomic
def screen_submission(
    submission: Submission,
    *,
    verdict: str,
    by: User,
    at: datetime,
    reasons: Collection[str] = (),
    note: str = "",
    due_at: datetime | None = None,
) -> Screening:
    """Decide, with coded reasons unless it passed; `due_at` (exclusive) only for a completion.

    Raises `stale` when the unit has sent a newer submission or withdrawn it, `not_now` when it was
    decided already.
    """
    move, letter, action = DECISIONS[verdict]
    proposal = _lock_current(submission)
    PROPOSAL_FLOW.check(proposal.status, move)
    screening = Screening(
        submission=submission,
        verdict=verdict,
        reasons=check_reasons(verdict, reasons=reasons, note=note),
        note=clean_text(note).strip(),
        completion_due_at=_due(verdict, due_at=due_at, at=at),
        decided_by=by,
        decided_at=at,
    )
    if verdict == Verdict.FAILED:
        _require_time_is_up(proposal, at=at)
    screening.save(force_insert=True)
    PROPOSAL_FLOW.advance(
        proposal, move, held_since=at, completion_due_at=screening.completion_due_at
    )
    tell_unit(proposal, letter, at=at, context={"screening": screening})
    record(
        by,
        action,
        proposal,
        at=at,
        reason=screening.note,
        receipt=submission.receipt,
        codes=screening.reasons,
        due_at=due_at.isoformat() if screening.completion_due_at and due_at else "",
    )
    return screening


@transaction.atomic
def reopen_screening(proposal: Proposal, *, reason: str, by: User, at: datetime) -> None:
    """Put a decided proposal back on the desk. The decision stays in the history."""
    cleaned = clean_text(reason).strip()
    if not cleaned:
        raise ValidationError(_("Write why the screening is reopened."), code="no_reason")
    lock_proposal(proposal)
    _require_judging_ahead(proposal, at=at)
    PROPOSAL_FLOW.advance(proposal, ProposalMove.REOPEN, held_since=at)
    tell_unit(proposal, "proposal_reopened", at=at, context={"reason": cleaned})
    record(by, "proposal.screening_reopened", proposal, at=at, reason=cleaned)


def check_reasons(verdict: str, *, reasons: Collection[str], note: str) -> list[str]:
    """The codes in the order of the list; raises what is missing, per field."""
    codes = [str(code) for code in ReasonCode if code in reasons]
    if len(codes) != len(set(reasons)):
        raise ValidationError({"reasons": _("Choose reasons from the list.")})
    if verdict != Verdict.PASSED and not codes:
        raise ValidationError({"reasons": _("Choose at least one reason.")})
    if ReasonCode.OTHER in codes and not clean_text(note).strip():
        raise ValidationError({"note": _("Write the other reason in the note.")})
    return codes


def _due(verdict: str, *, due_at: datetime | None, at: datetime) -> datetime | None:
    if verdict != Verdict.COMPLETION:
        return None
    if due_at is None:
        raise ValidationError({"due_at": _("Give the date by which the unit completes it.")})
    if due_at <= at:
        raise ValidationError({"due_at": _("Choose a date in the future.")})
    return due_at


def _lock_current(submission: Submission) -> Proposal:
    """The submission's proposal, held."""
    proposal = submission.proposal
    lock_proposal(proposal)
    submission.refresh_from_db(fields=["superseded_at"])
    if submission.superseded_at:
        raise ValidationError(
            _("The unit has sent or withdrawn this meanwhile. Reload the page."), code="stale"
        )
    return proposal


def _require_time_is_up(proposal: Proposal, *, at: datetime) -> None:
    """Whom the committee gave a date is not refused before it."""
    if proposal.status != ProposalStatus.COMPLETION or proposal.completion_due_at is None:
        return
    if at < proposal.completion_due_at:
        raise ValidationError(
            _("The unit still has time to complete this proposal."), code="too_early"
        )


def _require_judging_ahead(proposal: Proposal, *, at: datetime) -> None:
    """Judges read what passed: once they may have begun, the decision stands."""
    judging = Round.objects.filter(competition=proposal.competition_id, kind=Round.Kind.JUDGING)
    if judging.filter(starts_at__lte=at).exists():
        raise ValidationError(
            _("Judging has begun: this decision can no longer be reopened."), code="judging"
        )
