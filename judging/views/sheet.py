"""One scorecard: read, type, save, hand in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from competitions.requests import AuthedRequest, Request
from competitions.roles import Actor
from judging import services
from judging.forms.scorecard import (
    AutosaveForm,
    MarkForm,
    ReasonForm,
    ScorecardForm,
    scorecard_initial,
)
from judging.models import Assignment, Stage
from judging.permissions import SheetAction, may_judge
from judging.queries.desk import (
    COMES_BACK,
    marked_sheets,
    next_sheet,
    progress_of,
    sheet_to_save,
    values_of,
)
from judging.queries.reading import paper_for_judge, read_for_judge
from judging.queries.trail import history_of
from judging.views.answers import overtaken, sentence_of, status_of
from judging.views.desk import existing, fetch_sheet, open_sheet, readable
from kipp.lib import clock
from kipp.lib.web import (
    CONFLICT,
    THUMBNAIL_TYPE,
    UNPROCESSABLE,
    attached_privately,
    logged_out,
    refused,
    render_form,
    serve_file,
)
from proposals.paper import SIZES, paper_pdf

Verb = Callable[..., None]


@require_http_methods(["GET", "POST"])
def sheet(request: AuthedRequest, pk: int) -> HttpResponse:
    """GET shows entry and form side by side; POST saves and stays."""
    if request.method == "POST":
        return _write(request, pk, verb=services.save_scorecard, after=_stay)
    assignment = fetch_sheet(request.actor, pk)
    is_owed = may_judge(request.actor, SheetAction.DECLARE, assignment)
    if is_owed and assignment.declared_at is None:
        return redirect("judging:declaration", pk=pk)
    readable(request.actor, assignment)
    return _show(request, assignment, _form_of(assignment))


@require_POST
def save_next(request: AuthedRequest, pk: int) -> HttpResponse:
    return _write(request, pk, verb=services.save_scorecard, after=_go_on)


@require_POST
def submit(request: AuthedRequest, pk: int) -> HttpResponse:
    return _write(request, pk, verb=services.submit_scorecard, after=_go_on)


@require_POST
@login_not_required
def autosave(request: Request, pk: int) -> JsonResponse:
    """Keep the fields that changed; the answer carries the version, or 401 for a login page."""
    if not isinstance(request.user, User):
        return logged_out()
    # A judge's own sheet asks for no role: two queries less for every value.
    actor = Actor(user=request.user)
    assignment = readable(actor, existing(sheet_to_save(actor, pk)))
    form = AutosaveForm(request.POST, stage=assignment.entry.stage)
    if not form.is_valid():
        return refused(str(next(iter(form.errors.values()))[0]), UNPROCESSABLE)
    at = timezone.now()
    try:
        services.save_scorecard(
            assignment,
            sheet=form.sheet(),
            version=form.cleaned_data["version"],
            by=request.user,
            at=at,
        )
    except ValidationError as error:
        return refused(sentence_of(error), status_of(error))
    return JsonResponse({"version": assignment.version, "saved_at": _time(assignment, at)})


@require_http_methods(["GET", "POST"])
def revise(request: AuthedRequest, pk: int) -> HttpResponse:
    assignment = open_sheet(request.actor, pk)
    if not may_judge(request.actor, SheetAction.REVISE, assignment):
        raise PermissionDenied
    form = ReasonForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        context = {"assignment": assignment, "form": form}
        return render_form(request, "judging/revise.html", context)
    try:
        services.revise_scorecard(
            assignment, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()
        )
    except ValidationError as error:
        return overtaken(request, error, back_url=reverse("judging:sheet", args=[pk]))
    return redirect("judging:sheet", pk=pk)


@require_POST
def mark(request: AuthedRequest, pk: int) -> HttpResponse:
    """Mark a sheet to come back to it, or take the mark away."""
    assignment = open_sheet(request.actor, pk)
    if not may_judge(request.actor, SheetAction.MARK, assignment):
        raise PermissionDenied
    form = MarkForm(request.POST)
    comes_back = form.is_valid() and form.cleaned_data["kembali"]
    try:
        services.mark_scorecard(assignment, comes_back=comes_back, by=request.user)
    except ValidationError as error:
        return overtaken(request, error, back_url=reverse("judging:sheet", args=[pk]))
    return redirect("judging:sheet", pk=pk)


@require_safe
def attachment(request: AuthedRequest, pk: int, sha256: str) -> FileResponse:
    """A file of the frozen submission, for the judge who may read it."""
    assignment = open_sheet(request.actor, pk)
    for each in read_for_judge(assignment).files:
        if sha256 == each.sha256:
            return serve_file(sha256, name=each.name, media_type=each.media_type)
        if sha256 == each.thumbnail_sha256:
            return serve_file(sha256, name=each.name, media_type=THUMBNAIL_TYPE)
    raise Http404


@require_safe
def paper(request: AuthedRequest, pk: int, size: str) -> HttpResponse:
    assignment = open_sheet(request.actor, pk)
    if size not in SIZES:
        raise Http404
    content = paper_pdf(paper_for_judge(assignment), size=size)
    response = HttpResponse(content, content_type="application/pdf")
    return attached_privately(response, name=f"proposal-{pk}-{size}.pdf")


def _form_of(assignment: Assignment, request: AuthedRequest | None = None) -> ScorecardForm:
    return ScorecardForm(
        request.POST if request else None,
        stage=assignment.entry.stage,
        initial=scorecard_initial(values_of(assignment), assignment=assignment),
    )


def _write(
    request: AuthedRequest, pk: int, *, verb: Verb, after: Callable[[Assignment], HttpResponse]
) -> HttpResponse:
    """Save by `verb`; a refusal shows the same page with everything that was typed."""
    assignment = open_sheet(request.actor, pk)
    form = _form_of(assignment, request)
    if not form.is_valid():
        return _show(request, assignment, form, status=UNPROCESSABLE)
    version = form.cleaned_data["version"]
    try:
        verb(assignment, sheet=form.sheet(), version=version, by=request.user, at=timezone.now())
    except ValidationError as error:
        form.add_error(None, sentence_of(error))
        return _show(request, fetch_sheet(request.actor, pk), form, status=status_of(error))
    return after(assignment)


def _show(
    request: AuthedRequest, assignment: Assignment, form: ScorecardForm, *, status: int = 200
) -> HttpResponse:
    stage = assignment.entry.stage
    is_open = may_judge(request.actor, SheetAction.SCORE, assignment)
    at = max(filter(None, [assignment.started_at, assignment.submitted_at]), default=None)
    context = {
        "assignment": assignment,
        "stage": stage,
        "form": form,
        "has_errors": status != 200,
        "is_overtaken": status == CONFLICT,
        "version": _version_to_send(assignment, form, status=status),
        "reading": read_for_judge(assignment, criteria=list(form.criteria)),
        "progress": progress_of(request.actor, stage),
        "is_open": is_open,
        "history": [] if is_open else history_of(assignment),
        "is_on_paper": stage.scored_on == Stage.ScoredOn.PAPER and assignment.total is None,
        "can_mark": may_judge(request.actor, SheetAction.MARK, assignment),
        "has_visit": may_judge(request.actor, SheetAction.SEE_VISIT, assignment),
        "can_revise": may_judge(request.actor, SheetAction.REVISE, assignment),
        "submitted_text": _moment(assignment, at),
        "zone": clock.show_time(timezone.now(), zone=stage.competition.time_zone).split()[-1],
    }
    return render(request, "judging/sheet.html", context, status=status)


def _version_to_send(assignment: Assignment, form: ScorecardForm, *, status: int) -> int:
    """After a slip of the pen the page still rests on the version that it was made from.

    Only whoever was shown what others saved may save over it.
    """
    if status != UNPROCESSABLE:
        return assignment.version
    sent: int = form.cleaned_data.get("version", assignment.version)
    return sent


def _stay(assignment: Assignment) -> HttpResponse:
    return redirect("judging:sheet", pk=assignment.pk)


def _go_on(assignment: Assignment) -> HttpResponse:
    """On to the next open sheet; when none is left, to the queue or what of it is still marked."""
    following = next_sheet(assignment)
    if following is not None:
        return redirect("judging:sheet", pk=following.pk)
    address = reverse("judging:queue", args=[assignment.entry.stage_id])
    is_marked = marked_sheets(assignment).exists()
    return redirect(f"{address}?keadaan={COMES_BACK}" if is_marked else address)


def _time(assignment: Assignment, at: datetime) -> str:
    """10.42, in the competition's zone."""
    zone = assignment.entry.stage.competition.time_zone
    return clock.show_time(at, zone=zone).split()[0]


def _moment(assignment: Assignment, at: datetime | None) -> str:
    return clock.show_moment(at, zone=assignment.entry.stage.competition.time_zone) if at else ""
