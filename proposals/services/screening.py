"""The committee's decision on a submission: pass, refuse, return for completion, reopen."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User
from competitions.models import CommitteeSeat, Round
from kipp.lib.text import clean_text
from proposals.checklist import key_of, merge
from proposals.findings import thaw
from proposals.models import Opinion, Proposal, ReasonCode, Screening, Submission
from proposals.models.decisions import Judgement
from proposals.queries.people import chairs_of
from proposals.services.judgements import Judged, columns_of
from proposals.services.letters import tell, tell_unit
from proposals.services.locks import lock_proposal
from proposals.workflow import PROPOSAL_FLOW, ProposalMove, ProposalStatus

Verdict = Screening.Verdict
NOTHING: Mapping[str, str] = {}

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
    unlocked: Collection[str] = (),
    overrides: Mapping[str, str] = NOTHING,
) -> Screening | Opinion:
    """Decide, or give one of two opinions where the competition has two screeners.

    `due_at` (exclusive) and `unlocked` (targets) are for a completion only; `overrides` says for
    each finding that is not confirmed, by `checklist.key_of`, why: an `OverrideReason`.

    Raises `stale` when the unit has sent a newer submission or withdrawn it, `not_now` when it was
    decided already.
    """
    proposal = _lock_current(submission)
    PROPOSAL_FLOW.check(proposal.status, DECISIONS[verdict][0])
    if verdict == Verdict.FAILED:
        _require_time_is_up(proposal, at=at)
    judged = Judged(verdict, reasons, note, due_at, unlocked, overrides)
    columns = columns_of(judged, submission=submission, by=by, at=at)
    if proposal.competition.screeners == 1 or proposal.status == ProposalStatus.COMPLETION:
        return _decide(Screening(**columns), proposal=proposal, at=at)
    return _hear(Opinion(**columns), proposal=proposal, at=at)


def _hear(opinion: Opinion, *, proposal: Proposal, at: datetime) -> Screening | Opinion:
    """Two independent opinions that agree are a decision; where they differ, the chair decides."""
    given = list(opinion.submission.opinions.filter(screening=None).order_by("decided_at", "pk"))
    chairs = CommitteeSeat.objects.filter(
        competition=proposal.competition_id, user=opinion.decided_by, role=CommitteeSeat.Role.CHAIR
    )
    is_chair = chairs.exists()
    if any(other.decided_by_id == opinion.decided_by_id for other in given):
        raise ValidationError(_("You have given your opinion on this submission."), code="given")
    if len(given) > 1 and not is_chair:
        raise ValidationError(
            _("Two opinions differ here: now the chair decides."), code="for_the_chair"
        )
    if len(given) < 2 and is_chair:
        raise ValidationError(
            _("Two screeners read it first. You decide where they differ."), code="for_screeners"
        )
    if is_chair:
        return _settle(Screening(**_shared(opinion)), given, proposal=proposal, at=at)
    opinion.save(force_insert=True)
    record(opinion.decided_by, "proposal.opinion_given", proposal, at=at)
    if not given:
        return opinion
    if given[0].verdict != opinion.verdict:
        _call_chair(opinion, proposal=proposal, at=at)
        return opinion
    return _settle(_agreed(given[0], opinion), [given[0], opinion], proposal=proposal, at=at)


def _call_chair(opinion: Opinion, *, proposal: Proposal, at: datetime) -> None:
    """Without what either said: the chair reads both where they stand."""
    receipt = opinion.submission.receipt
    tell(
        chairs_of(proposal.competition_id),
        "screening_differs",
        proposal,
        occasion=f"o{opinion.pk}",
        at=at,
        context={"receipt": receipt, "header": opinion.submission.content["header"]},
    )


def _agreed(first: Opinion, second: Opinion) -> Screening:
    """What both said: the reasons and parts of either, the later date, both notes."""
    notes = dict.fromkeys(note for note in (first.note, second.note) if note)
    dates = [each.completion_due_at for each in (first, second) if each.completion_due_at]
    return Screening(
        **{
            **_shared(second),
            "reasons": [str(code) for code in ReasonCode if code in first.reasons + second.reasons],
            "note": "\n\n".join(notes),
            "unlocked": list(dict.fromkeys([*first.unlocked, *second.unlocked])),
            "completion_due_at": max(dates, default=None),
            "checklist": merge(first.checklist, second.checklist),
        }
    )


def _shared(opinion: Opinion) -> dict[str, Any]:
    names = [field.name for field in Judgement._meta.fields]
    return {name: getattr(opinion, name) for name in ["submission", *names]}


def _settle(
    screening: Screening, opinions: Iterable[Opinion], *, proposal: Proposal, at: datetime
) -> Screening:
    decided = _decide(screening, proposal=proposal, at=at)
    Opinion.objects.filter(pk__in=[opinion.pk for opinion in opinions]).update(screening=decided)
    return decided


def _decide(screening: Screening, *, proposal: Proposal, at: datetime) -> Screening:
    """Write the decision, move the proposal, tell the unit."""
    move, letter, action = DECISIONS[screening.verdict]
    screening.save(force_insert=True)
    PROPOSAL_FLOW.advance(
        proposal,
        move,
        held_since=at,
        completion_due_at=screening.completion_due_at,
        unlocked=screening.unlocked,
    )
    tell_unit(proposal, letter, at=at, context={"screening": screening})
    due_at = screening.completion_due_at
    record(
        screening.decided_by,
        action,
        proposal,
        at=at,
        reason=screening.note,
        receipt=screening.submission.receipt,
        codes=screening.reasons,
        due_at=due_at.isoformat() if due_at else "",
        unlocked=screening.unlocked,
        overrides={
            key_of(thaw(checked["finding"])): checked["override"]
            for checked in screening.checklist
            if checked["override"]
        },
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
