"""Files in parts, for a script: the tus protocol, then one request that checks the whole file."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from competitions.models import AttachmentSlot
from competitions.requests import AuthedRequest
from kipp.lib import tus
from kipp.lib.parts import MAX_PART
from kipp.lib.web import CONFLICT, UNAUTHENTICATED, UNPROCESSABLE, refused
from proposals import services
from proposals.models import Upload
from proposals.permissions import Action
from proposals.views.access import fetch_proposal

P = ParamSpec("P")
View = Callable[Concatenate[AuthedRequest, P], HttpResponse]

TOO_LARGE, PRECONDITION, NO_ROOM = 413, 412, 507
# The script tries again after 409, 460 and 5xx; everything else is for the person to read.
STATUSES = {
    "malformed": 400,
    "cut": tus.CHECKSUM_MISMATCH,
    "gone": 404,
    "offset": CONFLICT,
    "too_big": TOO_LARGE,
    "part_size": TOO_LARGE,
    "checksum": tus.CHECKSUM_MISMATCH,
    "no_space": NO_ROOM,
}
SHA256 = re.compile("[0-9a-f]{64}")


def for_scripts(view: View[P]) -> View[P]:
    """401 instead of a login page, and every refusal a sentence in JSON."""

    @login_not_required
    @wraps(view)
    def answer(request: AuthedRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.actor.user is None:
            sentence = _("You are logged out. Log in again in another tab, then try again here.")
            return refused(sentence, UNAUTHENTICATED)
        try:
            response = view(request, *args, **kwargs)
        except ValidationError as error:
            code = error.error_list[0].code or ""
            response = refused(error.messages[0], STATUSES.get(code, UNPROCESSABLE))
        for name, value in tus.HEADERS.items():
            response[name] = value
        return response

    return answer


@require_POST
@for_scripts
def begin_upload(request: AuthedRequest, pk: int, key: str) -> HttpResponse:
    proposal = fetch_proposal(request, pk, Action.WRITE)
    slot = get_object_or_404(AttachmentSlot, track=proposal.track_id, key=key)
    if not tus.is_spoken(request.headers):
        return HttpResponse(status=PRECONDITION)
    said = tus.metadata_in(request.headers)
    upload = services.begin_upload(
        proposal,
        slot=slot,
        name=said.get("filename", ""),
        size=tus.number_in(request.headers, "Upload-Length"),
        sha256=said["sha256"] if SHA256.fullmatch(said.get("sha256", "")) else "",
        by=request.user,
        at=timezone.now(),
    )
    where = reverse("proposals:upload-parts", args=[pk, upload.key])
    return HttpResponse(status=201, headers={"Location": where})


@require_http_methods(["HEAD", "PATCH", "DELETE"])
@for_scripts
def carry_on(request: AuthedRequest, pk: int, upload_key: UUID) -> HttpResponse:
    upload = fetch_upload(request, pk, upload_key)
    if not tus.is_spoken(request.headers):
        return HttpResponse(status=PRECONDITION)
    return METHODS[str(request.method)](request, upload)


def show_offset(request: AuthedRequest, upload: Upload) -> HttpResponse:
    headers = {"Upload-Offset": str(upload.received), "Upload-Length": str(upload.size)}
    return HttpResponse(headers=headers)


def add_part(request: AuthedRequest, upload: Upload) -> HttpResponse:
    """What the header promised and did not come is not kept: the next try brings it whole."""
    if request.content_type != tus.PART_TYPE:
        raise tus.malformed()
    promised = tus.number_in(request.headers, "Content-Length")
    if promised > MAX_PART:
        raise ValidationError(_("This part has not the size that was said."), code="part_size")
    content = read_body(request, promised)
    grown = services.add_part(
        upload,
        offset=tus.number_in(request.headers, "Upload-Offset"),
        content=content,
        sha256=tus.sha256_in(request.headers),
        at=timezone.now(),
    )
    return HttpResponse(status=204, headers={"Upload-Offset": str(grown.received)})


def read_body(request: AuthedRequest, promised: int) -> bytes:
    content = b""
    try:
        while len(content) < promised and (more := request.read(promised - len(content))):
            content += more
    except OSError:
        content = b""
    if len(content) < promised:
        raise ValidationError(_("The connection broke off. It is tried again."), code="cut")
    return content


def stop(request: AuthedRequest, upload: Upload) -> HttpResponse:
    services.drop_upload(upload)
    return HttpResponse(status=204)


METHODS = {"HEAD": show_offset, "PATCH": add_part, "DELETE": stop}


@require_POST
@for_scripts
def finish_upload(request: AuthedRequest, pk: int, upload_key: UUID) -> HttpResponse:
    upload = fetch_upload(request, pk, upload_key)
    attachment = services.finish_upload(upload, by=request.user, at=timezone.now())
    return JsonResponse({"message": _("“%(name)s” is attached.") % {"name": attachment.name}})


@require_POST
def drop_upload(request: AuthedRequest, pk: int, upload_key: UUID) -> HttpResponse:
    """The button beside an unfinished upload, without a script."""
    upload = fetch_upload(request, pk, upload_key)
    services.drop_upload(upload)
    messages.success(request, _("“%(name)s” is removed.") % {"name": upload.name})
    return redirect("proposals:attachment-list", pk=pk)


def fetch_upload(request: AuthedRequest, pk: int, upload_key: UUID) -> Upload:
    """Only the one who began it sees it or adds to it."""
    proposal = fetch_proposal(request, pk, Action.WRITE)
    own = Upload.objects.filter(proposal=proposal, begun_by=request.user)
    upload: Upload = get_object_or_404(own.select_related("slot", "attachment"), key=upload_key)
    upload.proposal = proposal
    return upload
