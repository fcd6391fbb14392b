"""Feedback sheets: looked over and released by the chair, read by the unit."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from competitions.requests import AuthedRequest
from judging import services
from judging.exports import MEDIA_TYPES
from judging.feedback import feedback_blocks, feedback_pdf
from judging.forms.feedback import NotesForm
from judging.jobs import FEEDBACK
from judging.models import Feedback, Publication
from judging.permissions import PublicationAction, allowed_publication_actions
from judging.queries.feedback import notes_to_review, readable_feedback, sheet_of
from judging.views.answers import overtaken
from judging.views.publications import ask_about, fetch_publication, require_may
from kipp.lib.web import attached_privately, page_of
from proposals.models import Proposal


def _feedback_url(publication: Publication) -> str:
    slug = publication.competition.slug
    return reverse("judging:feedback-review", args=[slug, publication.number])


@require_http_methods(["GET", "POST"])
def review(request: AuthedRequest, slug: str, number: int) -> HttpResponse:
    publication = fetch_publication(request.actor, slug, number)
    require_may(request.actor, PublicationAction.FEEDBACK, publication)
    feedback = Feedback.objects.filter(publication=publication).first()
    if feedback is None:
        return _page(request, publication, None)
    notes = notes_to_review(feedback)
    page = page_of(notes, request)
    form = NotesForm(request.POST or None, notes=list(page))
    if request.method == "GET" or not form.is_valid():
        status = 422 if form.is_bound else 200
        return _page(request, publication, feedback, page=page, form=form, status=status)
    try:
        services.review_notes(feedback, texts=form.texts(), by=request.user, at=timezone.now())
    except ValidationError as error:
        return overtaken(request, error, back_url=_feedback_url(publication))
    messages.success(request, _("Kept. These comments count as looked over."))
    following = page.next_page_number() if page.has_next() else page.number
    return redirect(f"{_feedback_url(publication)}?page={following}")


def _page(
    request: AuthedRequest,
    publication: Publication,
    feedback: Feedback | None,
    *,
    status: int = 200,
    **context: object,
) -> HttpResponse:
    waiting = 0
    if feedback is not None:
        waiting = feedback.notes.filter(is_marked=True, reviewed_at=None).count()
    facts = {
        "competition": publication.competition,
        "publication": publication,
        "feedback": feedback,
        "waiting": waiting,
        "actions": allowed_publication_actions(request.actor, publication),
        **context,
    }
    return render(request, "judging/feedback_review.html", facts, status=status)


@require_POST
def prepare(request: AuthedRequest, slug: str, number: int) -> HttpResponse:
    publication = fetch_publication(request.actor, slug, number)
    require_may(request.actor, PublicationAction.FEEDBACK, publication)
    services.prepare_feedback(publication, by=request.user, at=timezone.now())
    messages.success(request, _("Prepared. Look over what was marked, then release it."))
    return redirect(_feedback_url(publication))


@require_POST
def release(request: AuthedRequest, slug: str, number: int) -> HttpResponse:
    publication = fetch_publication(request.actor, slug, number)
    require_may(request.actor, PublicationAction.FEEDBACK, publication)
    feedback = get_object_or_404(Feedback, publication=publication)
    try:
        services.release_feedback(feedback, by=request.user, at=timezone.now())
    except ValidationError as error:
        return overtaken(request, error, back_url=_feedback_url(publication))
    messages.success(request, _("Released. Authors and endorsers are told by mail."))
    return redirect(_feedback_url(publication))


@require_POST
def ask_sheets(request: AuthedRequest, slug: str, number: int) -> HttpResponse:
    publication = fetch_publication(request.actor, slug, number)
    require_may(request.actor, PublicationAction.FEEDBACK, publication)
    get_object_or_404(Feedback, publication=publication)
    return ask_about(request, FEEDBACK, publication)


def _own_proposal(request: AuthedRequest, pk: int) -> Proposal:
    rows = Proposal.objects.visible_to(request.actor).select_related("competition", "unit")
    proposal: Proposal = get_object_or_404(rows, pk=pk)
    actor = request.actor
    if proposal.unit_id not in actor.author_of and (
        proposal.endorsing_unit_id not in actor.endorser_of
    ):
        raise PermissionDenied
    return proposal


@require_safe
def sheet(request: AuthedRequest, pk: int) -> HttpResponse:
    """The same words for everybody until the release: that there is none yet says nothing."""
    proposal = _own_proposal(request, pk)
    feedback = readable_feedback(request.actor, proposal)
    found = sheet_of(feedback, proposal) if feedback else None
    context = {
        "proposal": proposal,
        "competition": proposal.competition,
        "sheet": found,
        "blocks": feedback_blocks(found) if found else (),
    }
    return render(request, "judging/feedback.html", context)


@require_safe
def sheet_pdf(request: AuthedRequest, pk: int) -> HttpResponse:
    proposal = _own_proposal(request, pk)
    feedback = readable_feedback(request.actor, proposal)
    found = sheet_of(feedback, proposal) if feedback else None
    if feedback is None or found is None or feedback.released_at is None:
        raise Http404
    content = feedback_pdf(found, at=feedback.released_at)
    response = HttpResponse(content, content_type=MEDIA_TYPES["pdf"])
    return attached_privately(response, name=f"umpan-balik-{pk}.pdf")
