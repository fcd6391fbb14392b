"""One proposal's dossier, for whoever takes it away: read by a request or by a worker."""

from __future__ import annotations

from datetime import datetime

from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from competitions.roles import Actor
from kipp.lib.clock import show_moment
from proposals.dossier import Dossier, Sent
from proposals.models import Proposal
from proposals.paper import Paper
from proposals.permissions import is_of_unit
from proposals.queries import dossier as found
from proposals.queries.freezing import content_of
from proposals.queries.history import history_of
from proposals.queries.outcome import current_notice
from proposals.receipts import verify_url
from proposals.workflow import RECEIVED, ProposalStatus


def dossier_of(proposal: Proposal, *, actor: Actor, at: datetime) -> Dossier:
    """Whoever belongs to the unit gets the unit's, also with a seat on the committee."""
    of_unit, zone = is_of_unit(actor, proposal), proposal.competition.time_zone
    mails = found.mails_to_unit(proposal) if of_unit else found.mails_about(proposal)
    sent = found.submissions_of(proposal)
    return Dossier(
        at=at,
        zone=zone,
        sent=[Sent(submission=each, verify_url=verify_url(each)) for each in sent],
        draft=draft_paper(proposal, at=at) if reads_draft(proposal, actor=actor) else None,
        endorsements=found.endorsements_of(proposal),
        decisions=found.full_decisions(proposal),
        notice=current_notice(proposal.competition),
        mails=list(mails),
        history=[
            [show_moment(line.at, zone=zone), line.text, line.by, line.note]
            for line in history_of(proposal)
        ],
        opinions=[] if of_unit else found.opinions_of(proposal),
        is_internal=not of_unit,
    )


def reads_draft(proposal: Proposal, *, actor: Actor) -> bool:
    is_open = proposal.status == ProposalStatus.COMPLETION or proposal.status not in RECEIVED
    return is_open and is_of_unit(actor, proposal)


def draft_paper(proposal: Proposal, *, at: datetime) -> Paper:
    with translation.override("id"):
        mark = f"{_('Draft')} · {proposal.get_status_display()}"
    content = content_of(proposal, receipt="")
    return Paper(content=content, competition=proposal.competition, at=at, mark=mark)


def title_of(dossier: Dossier) -> str:
    """As its reader knows it: what a unit writes during a completion is nobody else's yet."""
    content = dossier.draft.content if dossier.draft else dossier.sent[-1].submission.content
    return str(content["header"]["title"])


def file_name(title: str, *, pk: int) -> str:
    return slugify(title)[:80] or f"proposal-{pk}"
