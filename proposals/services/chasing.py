"""The committee asks for what is missing, at most once a day per proposal."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit import record, trail_of
from accounts.models import User
from kipp.lib.clock import show_moment
from proposals.models import Proposal
from proposals.queries.deadlines import holder_deadline
from proposals.queries.people import authors_of, endorsers_of
from proposals.services.letters import tell
from proposals.services.locks import lock_proposal
from proposals.workflow import Holder

CHASED = "proposal.chased"
PAUSE = timedelta(days=1)


@transaction.atomic
def chase_holder(proposal: Proposal, *, by: User, at: datetime) -> int:
    """Mail whoever holds it now; return how many were told."""
    lock_proposal(proposal)
    if last := trail_of(proposal).filter(action=CHASED, at__gt=at - PAUSE).last():
        zone = proposal.competition.time_zone
        raise ValidationError(
            _("Reminded already on %(last)s; a further mail can go out from %(next)s."),
            code="too_soon",
            params={
                "last": show_moment(last.at, zone=zone),
                "next": show_moment(last.at + PAUSE, zone=zone),
            },
        )
    if proposal.holder not in {Holder.AUTHOR, Holder.ENDORSER}:
        raise ValidationError(_("The unit has nothing to do at present."), code="not_now")
    is_author = proposal.holder == Holder.AUTHOR
    people = authors_of(proposal) if is_author else endorsers_of(proposal)
    if not people:
        raise ValidationError(
            _("Nobody in this unit has an account that could be reminded."), code="nobody"
        )
    deadline = holder_deadline(proposal)
    if deadline and deadline <= at:
        raise ValidationError(
            _("The deadline has passed. Extend the round for this unit first, then remind."),
            code="over",
        )
    occasion = f"{at.timestamp():.0f}"
    tell(
        people,
        "proposal_chased",
        proposal,
        occasion=occasion,
        at=at,
        context={"deadline": deadline},
    )
    record(by, CHASED, proposal, at=at, holder=proposal.holder.value, count=len(people))
    return len(people)
