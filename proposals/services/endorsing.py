"""Between the author and the endorser: send, take back, return."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User
from kipp.lib.text import clean_text
from proposals.eligibility import Finding, blocking
from proposals.models import Endorsement, Proposal
from proposals.queries.deadlines import grace_after, lock_deadlines, with_grace
from proposals.queries.preflight import problems_among
from proposals.queries.whole import Whole, hold_whole
from proposals.services.letters import tell_authors, tell_endorsers
from proposals.services.locks import lock_proposal, lock_with_deadlines, require_open
from proposals.workflow import PROPOSAL_FLOW, ProposalMove


@transaction.atomic
def send_for_endorsement(proposal: Proposal, *, by: User, at: datetime) -> None:
    """Hand the draft to the endorser; from here on the text stands still.

    The first sending counts against the close of submission, a later one against endorsement's.
    """
    whole = hold_whole(proposal, by=by)
    deadlines = whole.deadlines
    PROPOSAL_FLOW.check(proposal.status, ProposalMove.SEND)
    require_open(deadlines.for_sending(proposal), at=at)
    require_complete(proposal, whole)
    PROPOSAL_FLOW.advance(proposal, ProposalMove.SEND, held_since=at)
    tell_endorsers(proposal, "proposal_sent", at=at, context={"deadline": deadlines.endorsing})
    record(by, "proposal.sent", proposal, at=at)


@transaction.atomic
def recall_proposal(proposal: Proposal, *, by: User, at: datetime) -> None:
    """Take it back to go on writing: only while it could still be sent again."""
    deadlines = lock_with_deadlines(proposal)
    PROPOSAL_FLOW.check(proposal.status, ProposalMove.RECALL)
    require_open(deadlines.sending, at=at)
    PROPOSAL_FLOW.advance(proposal, ProposalMove.RECALL, held_since=at)
    record(by, "proposal.recalled", proposal, at=at)


@transaction.atomic
def return_proposal(
    proposal: Proposal, *, note: str, section_notes: Mapping[str, str], by: User, at: datetime
) -> Endorsement:
    """Give it back to the author with what is to be mended, per section.

    The unit's clock stands still: it may send again until endorsement closes, and at least for the
    hours that the edition gives. Only the round itself counts for the return, so that nobody can
    go on returning into hours that returns have given.
    """
    deadlines = lock_deadlines(proposal.competition, unit=proposal.unit)
    lock_proposal(proposal)
    PROPOSAL_FLOW.check(proposal.status, ProposalMove.RETURN)
    require_open(deadlines.endorsing, at=at)
    notes = _cleaned(section_notes)
    general = clean_text(note).strip()
    _require_notes(proposal, general=general, notes=notes)
    endorsement = Endorsement.objects.create(
        proposal=proposal,
        verdict=Endorsement.Verdict.RETURNED,
        note=general,
        section_notes=notes,
        decided_by=by,
        decided_at=at,
    )
    PROPOSAL_FLOW.advance(
        proposal,
        ProposalMove.RETURN,
        held_since=at,
        grace_until=grace_after(proposal.competition, returned_at=at),
    )
    proposal.authorisations.filter(ended_at=None).update(ended_at=at)
    tell_authors(
        proposal,
        "proposal_returned",
        at=at,
        context={
            "endorsement": endorsement,
            "deadline": with_grace(deadlines, proposal).endorsing,
        },
    )
    record(by, "proposal.returned", proposal, at=at, reason=general, sections=sorted(notes))
    return endorsement


def _cleaned(notes: Mapping[str, str]) -> dict[str, str]:
    return {key: cleaned for key, text in notes.items() if (cleaned := clean_text(text).strip())}


def _require_notes(proposal: Proposal, *, general: str, notes: Mapping[str, str]) -> None:
    if not general and not notes:
        raise ValidationError(
            _("Write what is to be mended, at least in one section."), code="no_note"
        )
    known = set(proposal.track.sections.values_list("key", flat=True))
    if not known.issuperset(notes):
        raise ValidationError(_("This section is not part of the form."), code="foreign")


def require_complete(proposal: Proposal, whole: Whole) -> list[Finding]:
    """What the rules find; raises with code `incomplete` while anything blocks the sending."""
    found = problems_among(proposal, whole.others)
    missing = blocking(found)
    if missing:
        raise ValidationError(
            _("The proposal is not complete: %(count)d things are missing. See the list."),
            code="incomplete",
            params={"count": len(missing)},
        )
    return found
