"""Long work as its owner sees it: how far it is, how to call it off, what came of it."""

from __future__ import annotations

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Job, User
from accounts.requests import AuthedRequest
from accounts.services import cancel_job
from kipp.jobs import KINDS
from kipp.lib.files import open_file
from kipp.lib.web import attached_privately, page_of

TONES = {
    Job.Status.WAITING: "wait",
    Job.Status.RUNNING: "info",
    Job.Status.DONE: "ok",
    Job.Status.FAILED: "danger",
    Job.Status.CANCELLED: "muted",
}


def fetch_job(request: AuthedRequest, pk: int) -> Job:
    found: Job = get_object_or_404(Job.objects.of(request.user).select_related("owner"), pk=pk)
    return found


@require_safe
def index(request: AuthedRequest) -> HttpResponse:
    page = page_of(Job.objects.of(request.user), request)
    rows = [(job, KINDS[job.kind].label, TONES[Job.Status(job.status)]) for job in page]
    return render(request, "kipp/jobs.html", {"page": page, "rows": rows})


@require_safe
def show(request: AuthedRequest, pk: int) -> HttpResponse:
    """While the work goes on, the page asks again: by its script, or by itself without one."""
    job, at = fetch_job(request, pk), timezone.now()
    kind = KINDS[job.kind]
    context = {
        "job": job,
        "label": kind.label,
        "is_whole": kind.is_whole,
        "page_url": page_of_kind(job),
        "tone": TONES[Job.Status(job.status)],
        "has_file": job.has_file_at(at),
        "may_fetch": may_fetch(request.user, job),
    }
    return render(request, "kipp/job.html", context)


def page_of_kind(job: Job) -> str:
    """Nothing, when its stage or track was removed since."""
    try:
        return KINDS[job.kind].page(job)
    except ObjectDoesNotExist:
        return ""


def may_fetch(person: User, job: Job) -> bool:
    try:
        return KINDS[job.kind].may(person, job)
    except ObjectDoesNotExist:
        return False


@require_POST
def cancel(request: AuthedRequest, pk: int) -> HttpResponse:
    job = fetch_job(request, pk)
    cancel_job(job, at=timezone.now())
    return redirect("job", pk=job.pk)


@require_safe
def download(request: AuthedRequest, pk: int) -> FileResponse:
    """Whoever may not ask for it any more does not get what was made before either."""
    job = fetch_job(request, pk)
    if not job.has_file_at(timezone.now()):
        raise Http404
    if not may_fetch(request.user, job):
        raise PermissionDenied
    try:
        content = open_file(job.sha256)
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(content, content_type=job.media_type)
    return attached_privately(response, name=job.file_name)
