"""The committee at the door and afterwards: who came, and what is handed out."""

from __future__ import annotations

import io

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms import SearchForm
from competitions import exports, queries, services
from competitions.forms import MaterialForm
from competitions.models import Attendee, Material
from competitions.permissions import Action, allowed_actions
from competitions.requests import AuthedRequest
from competitions.views.access import competition_for
from kipp.lib.files import store_file
from kipp.lib.forms import add_error
from kipp.lib.uploads import Kind, check_upload
from kipp.lib.web import UNPROCESSABLE, attached_privately, page_of, query_of

LARGEST = 20 * 1024 * 1024


@require_safe
def workshops(request: AuthedRequest, slug: str) -> HttpResponse:
    competition = competition_for(request, slug, Action.VIEW_ATTENDANCE)
    found = queries.workshops_with_counts(competition)
    context = {
        "competition": competition,
        "page": page_of(found, request),
        "actions": allowed_actions(request.actor, competition),
    }
    return render(request, "competitions/workshops.html", context)


@require_safe
def attendance(request: AuthedRequest, slug: str, pk: int) -> HttpResponse:
    competition = competition_for(request, slug, Action.VIEW_ATTENDANCE)
    workshop = get_object_or_404(queries.workshops_of(competition), pk=pk)
    form = SearchForm(request.GET)
    asked = form.cleaned_data["q"] if form.is_valid() else ""
    context = {
        "competition": competition,
        "workshop": workshop,
        "search_form": form,
        "asked": asked,
        "query": query_of(request),
        "here": request.GET.urlencode(),
        "page": page_of(queries.attendees_of(workshop, asked=asked), request),
        "counts": queries.attendance_counts(workshop),
        "actions": allowed_actions(request.actor, competition),
    }
    return render(request, "competitions/attendance.html", context)


@require_safe
def attendance_csv(request: AuthedRequest, slug: str, pk: int) -> HttpResponse:
    competition = competition_for(request, slug, Action.VIEW_ATTENDANCE)
    workshop = get_object_or_404(queries.workshops_of(competition), pk=pk)
    content = exports.attendance_csv(queries.attendees_of(workshop), zone=competition.time_zone)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    return attached_privately(response, name=f"hadir-{competition.slug}.csv")


@require_http_methods(["GET", "POST"])
def mark(request: AuthedRequest, slug: str, ticket: str) -> HttpResponse:
    """What the QR code of a ticket opens: GET shows who it is, POST notes that they are here."""
    competition = competition_for(request, slug, Action.MARK_ATTENDANCE)
    attendee = get_object_or_404(queries.tickets_of(competition), ticket=ticket)
    if request.method == "GET":
        context = {"competition": competition, "attendee": attendee}
        return render(request, "competitions/mark.html", context)
    name = {"name": attendee.full_name}
    if services.mark_attended(attendee, by=request.user, at=timezone.now()):
        messages.success(request, _("%(name)s is here.") % name)
    else:
        messages.info(request, _("%(name)s was noted as here before.") % name)
    return _back_to_list(request, attendee)


@require_POST
def unmark(request: AuthedRequest, slug: str, ticket: str) -> HttpResponse:
    competition = competition_for(request, slug, Action.MARK_ATTENDANCE)
    attendee = get_object_or_404(queries.tickets_of(competition), ticket=ticket)
    services.unmark_attended(attendee, by=request.user, at=timezone.now())
    messages.success(request, _("The mark is undone."))
    return _back_to_list(request, attendee)


@require_http_methods(["GET", "POST"])
def material_add(request: AuthedRequest, slug: str, pk: int) -> HttpResponse:
    competition = competition_for(request, slug, Action.EDIT_SETUP)
    workshop = get_object_or_404(queries.workshops_of(competition), pk=pk)
    form = MaterialForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        material = Material(
            workshop=workshop, title=form.cleaned_data["title"], url=form.cleaned_data["url"] or ""
        )
        try:
            _attach(material, form)
            services.add_material(material, by=request.user, at=timezone.now())
        except ValidationError as error:
            add_error(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("competitions:workshop-page", slug, pk)
    context = {"competition": competition, "workshop": workshop, "form": form}
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "competitions/material_add.html", context, status=status)


@require_http_methods(["GET", "POST"])
def material_remove(request: AuthedRequest, slug: str, pk: int) -> HttpResponse:
    competition = competition_for(request, slug, Action.EDIT_SETUP)
    material = get_object_or_404(queries.materials_of(competition), pk=pk)
    if request.method == "GET":
        context = {"competition": competition, "material": material}
        return render(request, "competitions/material_remove.html", context)
    services.remove_material(material, by=request.user, at=timezone.now())
    messages.success(request, _("Removed."))
    return redirect("competitions:workshop-page", slug, material.workshop_id)


def _attach(material: Material, form: MaterialForm) -> None:
    """Check and store the uploaded file, if there is one."""
    upload = form.cleaned_data["file"]
    if not upload:
        return
    checked = check_upload(upload, name=upload.name, kind=Kind.ANY, max_bytes=LARGEST)
    stored = store_file(io.BytesIO(checked.content))
    material.file_name, material.media_type = checked.name, checked.media_type
    material.sha256, material.size = stored.sha256, stored.size


def _back_to_list(request: AuthedRequest, attendee: Attendee) -> HttpResponse:
    """To the page and the search that the mark was made on."""
    slug = attendee.workshop.round.competition.slug
    url = reverse("competitions:attendance-list", args=[slug, attendee.workshop_id])
    here = request.GET.urlencode()
    return redirect(f"{url}?{here}" if here else url)
