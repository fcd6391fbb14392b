"""Authorisations given in advance: which are near their close, and what stands in their way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from competitions.models import Extension, Round
from competitions.workflow import CompetitionStatus
from kipp.lib.prepared import Prepared, given
from proposals.eligibility import blocking
from proposals.findings import sentence
from proposals.models import Authorisation, Proposal
from proposals.queries.deadlines import KINDS, Deadlines, Window
from proposals.queries.people import endorsers_of
from proposals.queries.preflight import problems_of
from proposals.workflow import UNSENT, ProposalStatus

# The sending by itself begins so long before the close; every half minute tries again.
HEADSTART = timedelta(minutes=10)
# When it is told that something is missing, in minutes before the close.
WARNING_LEADS = (1440, 180)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the proposal's page says of its authorisation; `sent_from` is none without a round."""

    authorisation: Authorisation
    sent_from: datetime | None


IN_FORCE = Prepared(
    lambda: Authorisation.objects.filter(proposal=given("proposal"), ended_at=None).select_related(
        "given_by"
    )
)


def standing_of(proposal: Proposal, *, deadlines: Deadlines) -> Standing | None:
    if proposal.status not in UNSENT:
        return None
    authorisation = IN_FORCE.first(proposal=proposal.pk)
    if authorisation is None:
        return None
    window = closing_window(proposal, deadlines)
    return Standing(authorisation, window.ends_at - HEADSTART if window else None)


def closing_window(proposal: Proposal, deadlines: Deadlines) -> Window | None:
    """A draft has until the unit's own close, what was handed over until the endorser's."""
    is_draft = proposal.status == ProposalStatus.DRAFT
    return deadlines.sending if is_draft else deadlines.endorsing


def authorised_before(until: datetime, *, at: datetime) -> QuerySet[Authorisation]:
    """Those in force whose close may lie between the two; each has its own end to be asked."""
    reach = (at, until)
    rounds = Round.objects.filter(competition=OuterRef("proposal__competition"), kind__in=KINDS)
    grants = Extension.objects.filter(
        round__competition=OuterRef("proposal__competition"), round__kind__in=KINDS
    )
    near = Exists(rounds.filter(ends_at__range=reach))
    granted = Exists(grants.filter(new_ends_at__range=reach))
    return (
        Authorisation.objects.filter(
            ended_at=None,
            proposal__status__in=UNSENT,
            proposal__competition__status=CompetitionStatus.PUBLISHED,
        )
        .filter(near | granted | Q(proposal__grace_until__range=reach))
        .select_related(
            "given_by", "proposal__competition", "proposal__unit", "proposal__endorsing_unit"
        )
        .select_related("proposal__track", "proposal__innovation")
        .order_by(F("looked_at").asc(nulls_first=True), "pk")
    )


def obstacles_of(authorisation: Authorisation) -> list[str]:
    """Why it could not be sent now, in sentences."""
    found = [sentence(finding) for finding in blocking(problems_of(authorisation.proposal))]
    if may_no_longer(authorisation):
        name = authorisation.given_by.full_name
        found.append(_("%(name)s no longer endorses for this agency.") % {"name": name})
    return found


def may_no_longer(authorisation: Authorisation) -> bool:
    return authorisation.given_by not in endorsers_of(authorisation.proposal)
