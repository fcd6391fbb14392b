"""The files of a draft: a page that works without a script, and the files themselves."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from competitions.models import AttachmentSlot
from competitions.requests import AuthedRequest
from kipp.lib.web import THUMBNAIL_TYPE, serve_file
from proposals import services
from proposals.forms import ConfirmForm, UploadForm
from proposals.models import Attachment, Proposal
from proposals.permissions import Action
from proposals.queries.progress import slot_lines_with_uploads
from proposals.views.access import attempt, fetch_proposal, status_of, succeeded, turned_away
from proposals.workflow import EDITABLE


@require_safe
def list_attachments(request: AuthedRequest, pk: int) -> HttpResponse:
    proposal = fetch_proposal(request, pk, Action.WRITE)
    if away := turned_away(request, proposal, Action.WRITE):
        return away
    return render_list(request, proposal)


def render_list(
    request: AuthedRequest,
    proposal: Proposal,
    *,
    form: UploadForm | None = None,
    slot: AttachmentSlot | None = None,
) -> HttpResponse:
    """The page; `form` is a refused upload into `slot`."""
    lines = slot_lines_with_uploads(proposal, person=request.user)
    context = {
        "proposal": proposal,
        "lines": [line for line in lines if not proposal.is_locked_at(line.target)],
        "form": form,
        "refused_slot": slot,
        "is_editable": proposal.status in EDITABLE,
    }
    status = status_of(form) if form else 200
    return render(request, "proposals/attachments.html", context, status=status)


@require_POST
def upload_attachment(request: AuthedRequest, pk: int, key: str) -> HttpResponse:
    proposal = fetch_proposal(request, pk, Action.WRITE)
    slot = get_object_or_404(AttachmentSlot, track=proposal.track_id, key=key)
    form = UploadForm(request.POST, request.FILES)
    attached = attempt(
        form,
        lambda: services.attach_file(
            proposal,
            slot=slot,
            file=form.cleaned_data["file"],
            name=form.cleaned_data["file"].name,
            by=request.user,
            at=timezone.now(),
        ),
    )
    if attached is None:
        return render_list(request, proposal, form=form, slot=slot)
    messages.success(request, _("“%(name)s” is attached.") % {"name": attached.name})
    return redirect("proposals:attachment-list", pk=pk)


@require_http_methods(["GET", "POST"])
def remove_attachment(request: AuthedRequest, pk: int, attachment_id: int) -> HttpResponse:
    proposal = fetch_proposal(request, pk, Action.WRITE)
    if away := turned_away(request, proposal, Action.WRITE):
        return away
    attachment = fetch_attachment(proposal, attachment_id)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    attempt(form, lambda: services.detach_file(attachment, by=request.user, at=timezone.now()))
    if succeeded(form):
        messages.success(request, _("“%(name)s” is removed.") % {"name": attachment.name})
        return redirect("proposals:attachment-list", pk=pk)
    context = {"form": form, "proposal": proposal, "attachment": attachment}
    return render(request, "proposals/attachment_remove.html", context, status=status_of(form))


@require_safe
def show_attachment(request: AuthedRequest, pk: int, attachment_id: int) -> HttpResponseBase:
    attachment = fetch_attachment(fetch_proposal(request, pk, Action.READ), attachment_id)
    return serve_file(attachment.sha256, name=attachment.name, media_type=attachment.media_type)


@require_safe
def show_thumbnail(request: AuthedRequest, pk: int, attachment_id: int) -> HttpResponseBase:
    attachment = fetch_attachment(fetch_proposal(request, pk, Action.READ), attachment_id)
    if not attachment.thumbnail_sha256:
        raise Http404
    return serve_file(attachment.thumbnail_sha256, name=attachment.name, media_type=THUMBNAIL_TYPE)


def fetch_attachment(proposal: Proposal, attachment_id: int) -> Attachment:
    attachments = proposal.attachments.select_related("slot", "proposal")
    attachment: Attachment = get_object_or_404(attachments, pk=attachment_id)
    return attachment
