"""The workshop's page for everybody, and what a unit does there: seats and tickets."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from competitions import queries, services
from competitions.forms import SignUpForm
from competitions.models import Attendee, Competition, Workshop
from competitions.permissions import Action, allowed_actions, may
from competitions.requests import AuthedRequest, Request
from competitions.views.access import competition_for
from kipp.lib.files import open_file
from kipp.lib.forms import add_error
from kipp.lib.markdown import render_markdown
from kipp.lib.qr import qr_data_uri
from kipp.lib.web import UNPROCESSABLE


@login_not_required
@require_safe
def page(request: Request, slug: str, pk: int) -> HttpResponse:
    visible = Competition.objects.visible_to(request.actor).select_related("host")
    competition = get_object_or_404(visible, slug=slug)
    workshop = get_object_or_404(queries.workshops_of(competition), pk=pk)
    return _page(request, workshop, form=_form(request, competition))


@require_POST
def sign_up(request: AuthedRequest, slug: str, pk: int) -> HttpResponse:
    competition = competition_for(request, slug, Action.SIGN_UP)
    workshop = get_object_or_404(queries.workshops_of(competition), pk=pk)
    units = queries.sendable_units(request.actor, competition)
    form = SignUpForm(request.POST, units=units)
    if form.is_valid():
        try:
            attendee = services.sign_up(
                workshop, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except ValidationError as error:
            add_error(form, error)
        else:
            messages.success(request, _("%(name)s has a seat.") % {"name": attendee.full_name})
            return redirect("competitions:workshop-page", slug, pk)
    return _page(request, workshop, form=form, status=UNPROCESSABLE)


@require_safe
def ticket(request: AuthedRequest, slug: str, ticket: str) -> HttpResponse:
    attendee = _attendee(request, slug, ticket)
    url = reverse("competitions:attendee-mark", args=[slug, attendee.ticket])
    context = {
        "competition": attendee.workshop.round.competition,
        "attendee": attendee,
        "qr": qr_data_uri(settings.SITE_URL + url),
    }
    return render(request, "competitions/ticket.html", context)


@require_http_methods(["GET", "POST"])
def cancel(request: AuthedRequest, slug: str, ticket: str) -> HttpResponse:
    attendee = _attendee(request, slug, ticket)
    competition = attendee.workshop.round.competition
    if not may(request.actor, Action.SIGN_UP, competition):
        raise PermissionDenied
    if request.method == "GET":
        context = {"competition": competition, "attendee": attendee}
        return render(request, "competitions/cancel.html", context)
    try:
        services.cancel_sign_up(attendee, by=request.user, at=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("The seat is free again."))
    return redirect("competitions:workshop-page", slug, attendee.workshop_id)


@login_not_required
@require_safe
def material(request: Request, slug: str, pk: int) -> HttpResponseBase:
    """A stored file, always as a download: it never opens inside the portal's own origin."""
    visible = Competition.objects.visible_to(request.actor)
    competition = get_object_or_404(visible, slug=slug)
    found = get_object_or_404(queries.materials_of(competition), pk=pk)
    if not found.sha256:
        raise Http404
    return FileResponse(
        open_file(found.sha256),
        as_attachment=True,
        filename=found.file_name,
        content_type=found.media_type,
    )


def _attendee(request: AuthedRequest, slug: str, ticket: str) -> Attendee:
    """A ticket that the person may see; for everybody else there is none."""
    visible = Competition.objects.visible_to(request.actor).select_related("host")
    competition = get_object_or_404(visible, slug=slug)
    found = get_object_or_404(queries.tickets_of(competition), ticket=ticket)
    return get_object_or_404(
        queries.attendees_visible_to(request.actor, found.workshop).select_related(
            "workshop__round__competition__host"
        ),
        pk=found.pk,
    )


def _form(request: Request, competition: Competition) -> SignUpForm | None:
    if not may(request.actor, Action.SIGN_UP, competition):
        return None
    return SignUpForm(units=queries.sendable_units(request.actor, competition))


def _page(
    request: Request, workshop: Workshop, *, form: SignUpForm | None, status: int = 200
) -> HttpResponse:
    competition = workshop.round.competition
    own: list[Attendee] = []
    if form is not None:
        own = list(queries.attendees_visible_to(request.actor, workshop))
    actions = allowed_actions(request.actor, competition)
    context = {
        "competition": competition,
        "box": queries.workshop_box(workshop, at=timezone.now()),
        "agenda": render_markdown(workshop.agenda),
        "materials": workshop.materials.all(),
        "form": form,
        "own": own,
        "sees_link": bool(own) or Action.VIEW_ATTENDANCE in actions,
        "actions": actions,
    }
    return render(request, "competitions/workshop.html", context, status=status)
