"""The field team at work: checklist, photos, claims; first of all on a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from competitions.requests import AuthedRequest, Request
from competitions.roles import Actor
from judging import services
from judging.forms.scorecard import ReasonForm
from judging.forms.visit import PhotoForm, VisitForm, visit_initial
from judging.models import Assignment, Question, Visit, VisitPhoto
from judging.permissions import SheetAction, may_judge
from judging.queries.visits import claims_on_site, report_photo, visit_of
from judging.views.answers import attempt, overtaken, sentence_of, status_of
from judging.views.desk import open_sheet
from judging.workflow import VisitStatus
from kipp.lib import clock
from kipp.lib.web import (
    CONFLICT,
    OK,
    THUMBNAIL_TYPE,
    UNPROCESSABLE,
    logged_out,
    refused,
    serve_file,
)
from proposals.ledger_forms import ClaimCheckForm

Verb = Callable[..., Visit]


def fetch_site(actor: Actor, pk: int) -> Assignment:
    """A sheet whose holder also writes down what was found; of other panels it is a 404."""
    sheet = open_sheet(actor, pk)
    if not may_judge(actor, SheetAction.SEE_VISIT, sheet):
        raise Http404
    return sheet


def site_url(sheet: Assignment) -> str:
    return reverse("judging:visit", args=[sheet.pk])


@require_http_methods(["GET", "POST"])
def visit(request: AuthedRequest, pk: int) -> HttpResponse:
    if request.method == "POST":
        return _write(request, pk, verb=services.save_visit, told=_("Saved."))
    sheet = fetch_site(request.actor, pk)
    return _show(request, sheet, _form_of(sheet))


@require_POST
def hand_in(request: AuthedRequest, pk: int) -> HttpResponse:
    told = _("The report is handed in. Whoever judges later reads it.")
    return _write(request, pk, verb=services.hand_in_visit, told=told)


def _form_of(sheet: Assignment, data: Any = None) -> VisitForm:
    questions = list(Question.objects.filter(stage=sheet.entry.stage))
    return VisitForm(data, questions=questions, initial=visit_initial(visit_of(sheet)))


def _write(request: AuthedRequest, pk: int, *, verb: Verb, told: str) -> HttpResponse:
    sheet = fetch_site(request.actor, pk)
    form = _form_of(sheet, request.POST)
    status = attempt(
        form,
        lambda: verb(
            sheet,
            findings=form.findings(),
            version=form.cleaned_data["version"],
            by=request.user,
            at=timezone.now(),
        ),
    )
    if status != OK:
        return _show(request, sheet, form, status=status)
    messages.success(request, told)
    return redirect(site_url(sheet))


@require_POST
@login_not_required
def autosave(request: Request, pk: int) -> JsonResponse:
    """The form as it stands; a script sends it while somebody types."""
    if not isinstance(request.user, User):
        return logged_out()
    sheet = fetch_site(Actor(user=request.user), pk)
    saved = visit_of(sheet)
    data = _whole(request, sheet, saved)
    form = _form_of(sheet, data)
    if not form.is_valid():
        return refused(str(next(iter(form.errors.values()))[0]), UNPROCESSABLE)
    at = timezone.now()
    try:
        kept = services.save_visit(
            sheet,
            findings=form.findings(),
            version=form.cleaned_data["version"],
            by=request.user,
            at=at,
        )
    except ValidationError as error:
        return refused(sentence_of(error), status_of(error))
    zone = sheet.entry.stage.competition.time_zone
    time = clock.show_time(at, zone=zone).split()[0]
    return JsonResponse({"version": kept.version, "saved_at": time})


def _whole(request: Request, sheet: Assignment, saved: Visit | None) -> dict[str, Any]:
    """Only what changed comes; the rest is what the version that was seen holds."""
    known = {name: str(value or "") for name, value in visit_initial(saved).items()}
    return {**known, **request.POST.dict()}


def _show(
    request: AuthedRequest, sheet: Assignment, form: VisitForm, *, status: int = OK
) -> HttpResponse:
    stage, found = sheet.entry.stage, visit_of(sheet)
    is_draft = found is None or found.status == VisitStatus.DRAFT
    version = found.version if found else 0
    context = {
        "assignment": sheet,
        "stage": stage,
        "visit": found,
        "form": form,
        "has_errors": status != OK,
        "is_overtaken": status == CONFLICT,
        "version": version if status in (OK, CONFLICT) else form["version"].value(),
        "photos": found.photos.all() if found else [],
        "photo_form": PhotoForm(),
        "claims": claims_on_site(sheet),
        "title": sheet.entry.submission.content["header"]["title"],
        "unit": sheet.entry.submission.content["header"]["unit"]["name"],
        "is_open": is_draft and may_judge(request.actor, SheetAction.VISIT, sheet),
        "can_take_back": not is_draft and may_judge(request.actor, SheetAction.VISIT, sheet),
        "zone": clock.show_time(timezone.now(), zone=stage.competition.time_zone).split()[-1],
    }
    return render(request, "judging/visit.html", context, status=status)


@require_POST
def add_photo(request: AuthedRequest, pk: int) -> HttpResponse:
    sheet = fetch_site(request.actor, pk)
    form = PhotoForm(request.POST, request.FILES)
    status = attempt(form, lambda: _add_photo(request, sheet, form))
    if status == OK:
        messages.success(request, _("The photo is kept."))
        return redirect(f"{site_url(sheet)}#photos")
    context = {"assignment": sheet, "stage": sheet.entry.stage, "form": form}
    return render(request, "judging/visit_photo.html", context, status=status)


def _add_photo(request: AuthedRequest, sheet: Assignment, form: PhotoForm) -> None:
    file = form.cleaned_data["file"]
    services.add_photo(
        sheet,
        file=file,
        name=file.name,
        caption=form.cleaned_data["caption"],
        by=request.user,
        at=timezone.now(),
    )


@require_POST
def remove_photo(request: AuthedRequest, pk: int, number: int) -> HttpResponse:
    sheet = fetch_site(request.actor, pk)
    photo = get_object_or_404(VisitPhoto, visit__entry=sheet.entry_id, pk=number)
    try:
        services.remove_photo(sheet, photo=photo, by=request.user, at=timezone.now())
    except ValidationError as error:
        return overtaken(request, error, back_url=site_url(sheet))
    messages.success(request, _("Removed."))
    return redirect(f"{site_url(sheet)}#photos")


@require_safe
def photo(request: AuthedRequest, pk: int, number: int) -> FileResponse:
    sheet = fetch_site(request.actor, pk)
    found = get_object_or_404(VisitPhoto, visit__entry=sheet.entry_id, pk=number)
    return serve_file(found.thumbnail_sha256, name=found.name, media_type=THUMBNAIL_TYPE)


@require_safe
def reported_photo(request: AuthedRequest, pk: int, sha256: str) -> FileResponse:
    """A photo of a report that the reader of this sheet may read."""
    found = report_photo(open_sheet(request.actor, pk), sha256)
    if found is None:
        raise Http404
    is_small = sha256 == found["thumbnail_sha256"]
    media_type = THUMBNAIL_TYPE if is_small else found["media_type"]
    return serve_file(sha256, name=found["name"], media_type=media_type)


@require_http_methods(["GET", "POST"])
def claim(request: AuthedRequest, pk: int, key: int) -> HttpResponse:
    """Seen in the field, or contradicted."""
    sheet = fetch_site(request.actor, pk)
    if not may_judge(request.actor, SheetAction.VISIT, sheet):
        raise PermissionDenied
    row = next((each for each in claims_on_site(sheet) if each.key == key), None)
    if row is None:
        raise Http404
    check = sheet.entry.submission.claim_checks.get(str(key), {})
    form = ClaimCheckForm(request.POST or None, initial={"version": 0, **check})
    status = OK
    if request.method == "POST":
        status = attempt(form, lambda: _check(request, sheet, form, key=key))
        if status == OK:
            messages.success(request, _("The finding is recorded."))
            return redirect(f"{site_url(sheet)}#claims")
    context = {"assignment": sheet, "stage": sheet.entry.stage, "form": form, "row": row}
    return render(request, "judging/visit_claim.html", context, status=status)


def _check(request: AuthedRequest, sheet: Assignment, form: ClaimCheckForm, *, key: int) -> None:
    services.check_claim_on_visit(
        sheet, key=key, by=request.user, at=timezone.now(), **form.cleaned_data
    )


@require_http_methods(["GET", "POST"])
def take_back(request: AuthedRequest, pk: int) -> HttpResponse:
    sheet = fetch_site(request.actor, pk)
    found = visit_of(sheet)
    if found is None or not may_judge(request.actor, SheetAction.VISIT, sheet):
        raise PermissionDenied
    form = ReasonForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        context = {"assignment": sheet, "stage": sheet.entry.stage, "form": form}
        status = UNPROCESSABLE if form.is_bound else OK
        return render(request, "judging/visit_take_back.html", context, status=status)
    reason, at = form.cleaned_data["reason"], timezone.now()
    try:
        services.take_back_visit(
            sheet, reason=reason, version=found.version, by=request.user, at=at
        )
    except ValidationError as error:
        return overtaken(request, error, back_url=site_url(sheet))
    return redirect(site_url(sheet))
