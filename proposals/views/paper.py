"""A proposal to take away: as a PDF, or as a ZIP with everything that belongs to it."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO, TypeVar

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from competitions.requests import AuthedRequest
from kipp.lib.clock import show_moment
from proposals.dossier import Dossier, Sent, dossier_zip
from proposals.models import Proposal
from proposals.paper import SIZES, Paper, paper_pdf, sealed_paper
from proposals.permissions import Action, is_of_unit
from proposals.queries import dossier as found
from proposals.queries.freezing import content_of
from proposals.queries.history import history_of
from proposals.queries.outcome import current_notice
from proposals.views.access import fetch_proposal
from proposals.views.receipts import fetch_submission, verify_url
from proposals.workflow import RECEIVED, ProposalStatus

Response = TypeVar("Response", bound=HttpResponseBase)


@require_GET
def download_paper(request: AuthedRequest, pk: int, size: str) -> HttpResponse:
    """The unit's draft while it may still change, otherwise what was received."""
    proposal = fetch_proposal(request, pk, Action.EXPORT)
    if size not in SIZES:
        raise Http404
    if reads_draft(request, proposal):
        paper = draft_paper(proposal, at=timezone.now())
    else:
        submission = fetch_submission(proposal)
        paper = sealed_paper(submission, verify_url=verify_url(submission))
    content = paper_pdf(paper, size=size)
    response = HttpResponse(content, content_type="application/pdf")
    return private(response, name=f"{name_of(proposal)}-{size}.pdf")


@require_GET
def download_dossier(request: AuthedRequest, pk: int) -> HttpResponseBase:
    proposal = fetch_proposal(request, pk, Action.EXPORT)
    dossier = gather(request, proposal, at=timezone.now())
    archive = whole(dossier_zip(dossier))
    response = FileResponse(archive, content_type="application/zip")
    return private(response, name=f"berkas-{name_of(proposal)}.zip")


def whole(chunks: Iterable[bytes]) -> IO[bytes]:
    """Before the first byte goes out: files out of reach are a sentence, not half an archive."""
    with ExitStack() as stack:
        archive = stack.enter_context(TemporaryFile())
        archive.writelines(chunks)
        archive.seek(0)
        stack.pop_all()
    return archive


def gather(request: AuthedRequest, proposal: Proposal, *, at: datetime) -> Dossier:
    """Whoever belongs to the unit gets the unit's, also with a seat on the committee."""
    of_unit, zone = is_of_unit(request.actor, proposal), proposal.competition.time_zone
    mails = found.mails_to_unit(proposal) if of_unit else found.mails_about(proposal)
    sent = found.submissions_of(proposal)
    return Dossier(
        at=at,
        zone=zone,
        sent=[Sent(submission=each, verify_url=verify_url(each)) for each in sent],
        draft=draft_paper(proposal, at=at) if reads_draft(request, proposal) else None,
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


def reads_draft(request: AuthedRequest, proposal: Proposal) -> bool:
    is_open = proposal.status == ProposalStatus.COMPLETION or proposal.status not in RECEIVED
    return is_open and is_of_unit(request.actor, proposal)


def draft_paper(proposal: Proposal, *, at: datetime) -> Paper:
    with translation.override("id"):
        mark = f"{_('Draft')} · {proposal.get_status_display()}"
    content = content_of(proposal, receipt="")
    return Paper(content=content, competition=proposal.competition, at=at, mark=mark)


def name_of(proposal: Proposal) -> str:
    return slugify(proposal.title)[:80] or f"proposal-{proposal.pk}"


def private(response: Response, *, name: str) -> Response:
    disposition = content_disposition_header(as_attachment=True, filename=name)
    response["Content-Disposition"] = disposition or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
