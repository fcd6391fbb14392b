"""Submission by authorisation given in advance: given, taken back, carried out, warned of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

import structlog
from django.core.exceptions import ValidationError
from django.db import OperationalError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User
from competitions.reminders import due_lead
from kipp.lib.clock import show_moment
from proposals.models import Authorisation, Proposal
from proposals.queries.deadlines import Window, deadlines_for
from proposals.queries.people import authors_of
from proposals.queries.standing import (
    HEADSTART,
    WARNING_LEADS,
    authorised_before,
    closing_window,
    obstacles_of,
)
from proposals.services.letters import tell
from proposals.services.locks import lock_with_deadlines, require_open
from proposals.services.sending import submit_proposal
from proposals.workflow import PROPOSAL_FLOW, UNSENT, ProposalMove, ProposalStatus

log = structlog.get_logger(__name__)


@transaction.atomic
def authorise_submission(proposal: Proposal, *, by: User, at: datetime) -> Authorisation:
    """From now on a valid proposal is sent by itself shortly before the close."""
    deadlines = lock_with_deadlines(proposal)
    if proposal.status not in UNSENT:
        raise ValidationError(_("The proposal has been sent or withdrawn."), code="not_now")
    require_open(closing_window(proposal, deadlines), at=at)
    authorisation = Authorisation(proposal=proposal, given_by=by, given_at=at)
    if proposal.authorisations.filter(ended_at=None).exists():
        raise ValidationError(_("The automatic submission is authorised already."), code="exists")
    authorisation.save(force_insert=True)
    record(by, "proposal.authorised", proposal, at=at)
    return authorisation


@transaction.atomic
def revoke_authorisation(proposal: Proposal, *, by: User, at: datetime) -> None:
    """Whoever endorses may take it back; what is being sent at this moment comes first."""
    lock_with_deadlines(proposal)
    if not proposal.authorisations.filter(ended_at=None).update(ended_at=at):
        raise ValidationError(
            _("There is no authorisation any more: used or taken back."), code="not_now"
        )
    record(by, "proposal.authorisation_revoked", proposal, at=at)


def submit_authorised(*, clock: Callable[[], datetime]) -> int:
    """Send what is due; return how many. What fails is tried again until the close."""
    at = clock()
    return sum(
        _tried(authorisation, clock=clock)
        for authorisation in authorised_before(at + HEADSTART, at=at)
    )


def _tried(authorisation: Authorisation, *, clock: Callable[[], datetime]) -> int:
    """One that is refused, or locked by somebody else, does not stop the others."""
    try:
        return submit_by_authorisation(authorisation, clock=clock)
    except (ValidationError, OperationalError) as error:
        log.info("not_sent_by_itself", proposal=authorisation.proposal_id, why=str(error))
        return 0


@transaction.atomic
def submit_by_authorisation(authorisation: Authorisation, *, clock: Callable[[], datetime]) -> int:
    """Judged like a person's send. The clock is read under the locks, so nothing is ever late."""
    proposal = authorisation.proposal
    deadlines = lock_with_deadlines(proposal)
    at = clock()
    is_in_force = Authorisation.objects.filter(pk=authorisation.pk, ended_at=None).exists()
    window = closing_window(proposal, deadlines)
    if not is_in_force or proposal.status not in UNSENT or not _is_due(window, at=at):
        return 0
    by = authorisation.given_by
    if proposal.status != ProposalStatus.AWAITING:
        PROPOSAL_FLOW.advance(proposal, ProposalMove.SEND, held_since=at)
        record(None, "proposal.sent", proposal, at=at, by_authorisation=authorisation.pk)
    token = uuid5(NAMESPACE_URL, f"authorisation:{authorisation.pk}")
    submit_proposal(proposal, token=token, by=by, at=at)
    Authorisation.objects.filter(pk=authorisation.pk).update(ended_at=at)
    zone = proposal.competition.time_zone
    facts = {"name": by.full_name, "given": show_moment(authorisation.given_at, zone=zone)}
    record(None, "proposal.submitted_by_authorisation", proposal, at=at, **facts)
    return 1


def _is_due(window: Window | None, *, at: datetime) -> bool:
    return window is not None and window.ends_at - HEADSTART <= at < window.ends_at


def warn_authorised(*, at: datetime) -> int:
    """Tell in time what stands in the way; once per lead and end. Return how many were told of."""
    until = at + timedelta(minutes=max(WARNING_LEADS))
    return sum(_warned(authorisation, at=at) for authorisation in authorised_before(until, at=at))


@transaction.atomic
def _warned(authorisation: Authorisation, *, at: datetime) -> int:
    proposal = authorisation.proposal
    window = closing_window(proposal, deadlines_for(proposal))
    if window is None:
        return 0
    end = window.ends_at
    lead = due_lead(WARNING_LEADS, ends_at=end, since=authorisation.given_at, at=at)
    held = Authorisation.objects.select_for_update().get(pk=authorisation.pk)
    if lead is None or held.ended_at or _has_looked(held, since=end - timedelta(minutes=lead)):
        return 0
    Authorisation.objects.filter(pk=held.pk).update(looked_at=at)
    obstacles = obstacles_of(authorisation)
    if not obstacles:
        return 0
    people = {person.pk: person for person in [*authors_of(proposal), authorisation.given_by]}
    tell(
        people.values(),
        "proposal_invalid",
        proposal,
        occasion=f"{end.timestamp():.0f}:{lead}",
        at=at,
        context={"obstacles": obstacles, "deadline": window, "sent_from": end - HEADSTART},
    )
    return 1


def _has_looked(authorisation: Authorisation, *, since: datetime) -> bool:
    return authorisation.looked_at is not None and authorisation.looked_at >= since
