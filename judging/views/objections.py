"""Objections: made by units or by everybody, answered by the committee, followed by a code."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from competitions.models import Competition
from competitions.requests import AuthedRequest, Request
from judging import services
from judging.forms.objections import AppointForm, DecideForm, ObjectionForm, StrangerObjectionForm
from judging.models import Objection, Publication
from judging.permissions import (
    ObjectionAction,
    allowed_objection_actions,
    may_answer,
)
from judging.queries.objections import counts_of, officers_for, took_part, window_of
from judging.queries.results import current_publication
from judging.queries.trail import history_of
from judging.views.answers import attempt, status_of
from judging.views.stages import fetch_competition
from judging.workflow import ObjectionMove
from kipp.lib import clock
from kipp.lib.forms import add_error
from kipp.lib.web import OK, page_of, render_form, serve_file
from proposals.queries.deadlines import database_now


@login_not_required
@require_http_methods(["GET", "POST"])
@never_cache
def make(request: Request, slug: str) -> HttpResponse:
    competition = get_object_or_404(Competition.objects.published(), slug=slug)
    publication = current_publication(slug, at=timezone.now())
    if publication is None:
        raise Http404
    is_entrant = took_part(request.actor, publication)
    is_allowed = is_entrant or competition.objections_public
    form = _form_for(request, publication, is_entrant=is_entrant)
    context = {**_facts(competition), "form": form, "is_allowed": is_allowed}
    if request.method == "GET":
        return render(request, "judging/object.html", context)
    if not is_allowed:
        raise PermissionDenied
    if not form.is_valid():
        return render_form(request, "judging/object.html", context)
    try:
        made = _make(request, publication, form, is_entrant=is_entrant)
    except ValidationError as error:
        add_error(form, error)
        return render(request, "judging/object.html", context, status=status_of(error))
    messages.success(request, _("Received. Keep the address of this page: the answer comes here."))
    return redirect("judging:objection-follow", made.code)


def _form_for(request: Request, publication: Publication, *, is_entrant: bool) -> ObjectionForm:
    form = ObjectionForm if is_entrant else StrangerObjectionForm
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    return form(
        *sent,
        reasons=publication.competition.objection_reasons.all(),
        awards=publication.awards.all(),
    )


def _make(
    request: Request, publication: Publication, form: ObjectionForm, *, is_entrant: bool
) -> Objection:
    given = form.cleaned_data
    file, user = given["evidence"], request.actor.user
    if is_entrant and user is not None:
        objector = services.Objector(user=user, name=user.full_name, contact=user.email)
    else:
        objector = services.Objector(user=None, name=given["name"], contact=given["contact"])
    return services.make_objection(
        publication,
        reason=given["reason"],
        text=given["text"],
        proposal=given["about"].proposal if given["about"] else None,
        evidence=services.Evidence(file=file, name=file.name) if file else None,
        objector=objector,
        at=database_now(),
    )


def _facts(competition: Competition) -> dict[str, Any]:
    """When objections are taken, and whether that is now."""
    window, now = window_of(competition), timezone.now()
    zone = competition.time_zone
    return {
        "competition": competition,
        "is_open": window is not None and window.is_open(now),
        "starts": clock.show_moment(window.starts_at, zone=zone) if window else "",
        "ends": clock.show_end(window.ends_at, zone=zone) if window else "",
        "counts": counts_of(competition),
    }


@login_not_required
@require_safe
@never_cache
def follow(request: Request, code: str) -> HttpResponse:
    """For whoever has the code: what was said, and the answer. No officer is named."""
    rows = Objection.objects.select_related("publication__competition", "proposal")
    objection = get_object_or_404(rows, code=code.upper())
    competition = objection.publication.competition
    context = {
        "objection": objection,
        "competition": competition,
        "due": clock.show_end(objection.due_at, zone=competition.time_zone),
    }
    response = render(request, "judging/objection_follow.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def objection_list(request: AuthedRequest, slug: str) -> HttpResponse:
    competition = fetch_competition(request.actor, slug)
    rows = Objection.objects.visible_to(request.actor).filter(publication__competition=competition)
    context = {
        **_facts(competition),
        "now": timezone.now(),
        "page": page_of(rows.select_related("officer", "proposal", "publication"), request),
    }
    return render(request, "judging/objections.html", context)


def _fetch(request: AuthedRequest, slug: str, pk: int, *, action: ObjectionAction) -> Objection:
    rows = Objection.objects.visible_to(request.actor).select_related(
        "publication__competition", "proposal__unit", "officer"
    )
    found: Objection = get_object_or_404(rows, publication__competition__slug=slug, pk=pk)
    if not may_answer(request.actor, action, found):
        raise PermissionDenied
    return found


@require_safe
def objection_page(request: AuthedRequest, slug: str, pk: int) -> HttpResponse:
    return _page(request, _fetch(request, slug, pk, action=ObjectionAction.VIEW), status=OK)


def _page(
    request: AuthedRequest,
    objection: Objection,
    *,
    status: int,
    appoint: AppointForm | None = None,
    decide: DecideForm | None = None,
) -> HttpResponse:
    officers = officers_for(objection)
    zone = objection.publication.competition.time_zone
    context = {
        "competition": objection.publication.competition,
        "objection": objection,
        "due": clock.show_end(objection.due_at, zone=zone),
        "is_late": objection.decided_at is None and objection.due_at <= timezone.now(),
        "officers": officers,
        "appoint": appoint
        or AppointForm(officers=[each.user for each in officers if not each.bars]),
        "decide": decide or DecideForm(initial={"version": objection.version}),
        "actions": allowed_objection_actions(request.actor, objection),
        "history": history_of(objection),
    }
    return render(request, "judging/objection.html", context, status=status)


@require_POST
def appoint(request: AuthedRequest, slug: str, pk: int) -> HttpResponse:
    objection = _fetch(request, slug, pk, action=ObjectionAction.APPOINT)
    # Whoever is barred may be named in the request: the service says why not.
    form = AppointForm(request.POST, officers=[each.user for each in officers_for(objection)])
    status = attempt(
        form,
        lambda: services.appoint_officer(
            objection, officer=form.cleaned_data["officer"], by=request.user, at=timezone.now()
        ),
    )
    if status != OK:
        return _page(request, objection, status=status, appoint=form)
    messages.success(request, _("Appointed, and told by mail."))
    return redirect("judging:objection", slug, pk)


@require_POST
def decide(request: AuthedRequest, slug: str, pk: int) -> HttpResponse:
    objection = _fetch(request, slug, pk, action=ObjectionAction.DECIDE)
    form = DecideForm(request.POST)
    status = attempt(
        form,
        lambda: services.decide_objection(
            objection,
            move=ObjectionMove(form.cleaned_data["move"]),
            decision=form.cleaned_data["decision"],
            version=form.cleaned_data["version"],
            by=request.user,
            at=timezone.now(),
        ),
    )
    if status != OK:
        return _page(request, objection, status=status, decide=form)
    messages.success(request, _("Answered. Whoever objected is told by mail."))
    return redirect("judging:objection", slug, pk)


@require_safe
def evidence(request: AuthedRequest, slug: str, pk: int) -> FileResponse:
    objection = _fetch(request, slug, pk, action=ObjectionAction.VIEW)
    if not objection.evidence_sha256:
        raise Http404
    return serve_file(
        objection.evidence_sha256,
        name=objection.evidence_name,
        media_type=objection.evidence_type,
    )
