"""A proposal to take away: as a PDF, or as a ZIP with everything that belongs to it."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import IO

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from accounts.takeaway import by_worker, is_for_worker
from competitions.requests import AuthedRequest
from kipp.lib.web import attached_privately
from proposals.dossier import dossier_zip, entries_of, weight_of
from proposals.gathering import dossier_of, draft_paper, file_name, reads_draft, title_of
from proposals.jobs import DOSSIER, JOBS
from proposals.paper import SIZES, paper_pdf, sealed_paper
from proposals.permissions import Action
from proposals.receipts import verify_url
from proposals.views.access import fetch_proposal
from proposals.views.receipts import fetch_submission


@require_GET
def download_paper(request: AuthedRequest, pk: int, size: str) -> HttpResponse:
    """The unit's draft while it may still change, otherwise what was received."""
    proposal = fetch_proposal(request, pk, Action.EXPORT)
    if size not in SIZES:
        raise Http404
    if reads_draft(proposal, actor=request.actor):
        paper = draft_paper(proposal, at=timezone.now())
    else:
        submission = fetch_submission(proposal)
        paper = sealed_paper(submission, verify_url=verify_url(submission))
    name = file_name(paper.content["header"]["title"], pk=pk)
    response = HttpResponse(paper_pdf(paper, size=size), content_type="application/pdf")
    return attached_privately(response, name=f"{name}-{size}.pdf")


@require_http_methods(["GET", "HEAD", "POST"])
def download_dossier(request: AuthedRequest, pk: int) -> HttpResponseBase:
    proposal = fetch_proposal(request, pk, Action.EXPORT)
    dossier = dossier_of(proposal, actor=request.actor, at=timezone.now())
    if is_for_worker(request, bytes=weight_of(dossier)):
        return by_worker(
            request,
            DOSSIER,
            {"proposal": pk, "is_internal": dossier.is_internal},
            kinds=JOBS,
            about=title_of(dossier),
            edition=proposal.competition_id,
            by=request.user,
            at=timezone.now(),
        )
    archive = whole(dossier_zip(dossier, entries_of(dossier)))
    response = FileResponse(archive, content_type="application/zip")
    return attached_privately(response, name=f"berkas-{file_name(title_of(dossier), pk=pk)}.zip")


def whole(chunks: Iterable[bytes]) -> IO[bytes]:
    """Before the first byte goes out: files out of reach are a sentence, not half an archive."""
    with ExitStack() as stack:
        archive = stack.enter_context(TemporaryFile())
        archive.writelines(chunks)
        archive.seek(0)
        stack.pop_all()
    return archive
