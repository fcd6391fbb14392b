"""Who runs the competition and what they tell the public."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from competitions import queries, services
from competitions.forms import AnnouncementForm, SeatForm, VersionForm
from competitions.models import Announcement, Competition
from competitions.permissions import Action, allowed_actions
from competitions.requests import AuthedRequest
from competitions.views.access import competition_for, status_of
from kipp.lib.forms import add_error
from kipp.lib.web import UNPROCESSABLE, page_of


@require_safe
def announcements(request: AuthedRequest, slug: str) -> HttpResponse:
    competition = competition_for(request, slug, Action.VIEW_SETUP)
    found = queries.announcements_of(competition)
    context = {
        "competition": competition,
        "page": page_of(found, request),
        "actions": allowed_actions(request.actor, competition),
    }
    return render(request, "competitions/announcements.html", context)


@require_http_methods(["GET", "POST"])
def announcement_add(request: AuthedRequest, slug: str) -> HttpResponse:
    competition = competition_for(request, slug, Action.ANNOUNCE)
    form = AnnouncementForm(request.POST or None)
    if form.is_valid():
        try:
            services.announce(competition, by=request.user, at=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            add_error(form, error)
        else:
            messages.success(request, _("The announcement is on the competition's page."))
            return redirect("competitions:announcement-list", slug)
    return _edit(request, competition, form, status=UNPROCESSABLE if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def announcement_change(request: AuthedRequest, slug: str, pk: int) -> HttpResponse:
    competition = competition_for(request, slug, Action.ANNOUNCE)
    announcement = get_object_or_404(competition.announcements, pk=pk)
    form = AnnouncementForm(request.POST or None, instance=announcement)
    sent = VersionForm(request.POST or None)
    if request.method == "GET":
        return _edit(request, competition, form)
    if not (form.is_valid() and sent.is_valid()):
        return _edit(request, competition, form, status=UNPROCESSABLE)
    given = {**form.cleaned_data, "version": sent.cleaned_data["version"]}
    try:
        services.change_announcement(announcement, by=request.user, at=timezone.now(), **given)
    except ValidationError as error:
        add_error(form, error)
        return _edit(request, competition, form, status=status_of(error))
    messages.success(request, _("Saved."))
    return redirect("competitions:announcement-list", slug)


@require_http_methods(["GET", "POST"])
def announcement_remove(request: AuthedRequest, slug: str, pk: int) -> HttpResponse:
    competition = competition_for(request, slug, Action.ANNOUNCE)
    announcement = get_object_or_404(competition.announcements, pk=pk)
    if request.method == "GET":
        context = {"competition": competition, "announcement": announcement}
        return render(request, "competitions/announcement_remove.html", context)
    try:
        services.remove_announcement(announcement, by=request.user, at=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("Removed."))
    return redirect("competitions:announcement-list", slug)


@require_safe
def seats(request: AuthedRequest, slug: str) -> HttpResponse:
    competition = competition_for(request, slug, Action.VIEW_SETUP)
    return _seats(request, competition, form=SeatForm())


@require_http_methods(["POST"])
def seat_add(request: AuthedRequest, slug: str) -> HttpResponse:
    competition = competition_for(request, slug, Action.SEAT_COMMITTEE)
    form = SeatForm(request.POST)
    if form.is_valid():
        try:
            seat = services.seat_person(
                competition, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except ValidationError as error:
            add_error(form, error)
        else:
            messages.success(request, _("%(name)s sits in the committee.") % {"name": seat.user})
            return redirect("competitions:seat-list", slug)
    return _seats(request, competition, form=form, status=UNPROCESSABLE)


@require_http_methods(["GET", "POST"])
def seat_remove(request: AuthedRequest, slug: str, pk: int) -> HttpResponse:
    competition = competition_for(request, slug, Action.SEAT_COMMITTEE)
    seat = get_object_or_404(competition.committee.select_related("user"), pk=pk)
    if request.method == "GET":
        return render(
            request, "competitions/seat_remove.html", {"competition": competition, "seat": seat}
        )
    try:
        services.unseat_person(seat, by=request.user, at=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("Removed."))
    return redirect("competitions:seat-list", slug)


def _edit(
    request: AuthedRequest, competition: Competition, form: AnnouncementForm, *, status: int = 200
) -> HttpResponse:
    stored = Announcement.objects.filter(pk=form.instance.pk).first()
    hidden = VersionForm(initial={"version": stored.version if stored else 1})["version"]
    context = {"competition": competition, "form": form, "hidden": hidden}
    return render(request, "competitions/announcement_edit.html", context, status=status)


def _seats(
    request: AuthedRequest, competition: Competition, *, form: SeatForm, status: int = 200
) -> HttpResponse:
    context = {
        "competition": competition,
        "seats": competition.committee.select_related("user"),
        "form": form,
        "actions": allowed_actions(request.actor, competition),
    }
    return render(request, "competitions/seats.html", context, status=status)
