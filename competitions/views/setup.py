"""The committee's pages that define a competition and carry it from draft to archive."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.audit import trail_of
from competitions import queries, services
from competitions.forms import FactsForm, VersionForm
from competitions.models import Competition
from competitions.permissions import Action, allowed_actions
from competitions.requests import AuthedRequest
from competitions.views.access import competition_for, status_of
from competitions.views.kinds import KINDS, kind_of, new_part, stored_part
from competitions.workflow import COMPETITION_FLOW
from kipp.lib.forms import add_error
from kipp.lib.web import UNPROCESSABLE

HISTORY = 30


@require_safe
def overview(request: AuthedRequest, slug: str) -> HttpResponse:
    competition = competition_for(request, slug, Action.VIEW_SETUP)
    at = timezone.now()
    entries = trail_of(competition).order_by("-number")[:HISTORY]
    context = {
        "competition": competition,
        "actions": allowed_actions(request.actor, competition),
        "moves": COMPETITION_FLOW.actions_from(competition.status),
        "missing": queries.missing_for_publication(competition),
        "schedule": queries.schedule_of(competition, at=at),
        "plans": queries.round_plans(competition),
        "history": queries.history_of(entries),
    }
    return render(request, "competitions/setup_overview.html", context)


@require_safe
def form_parts(request: AuthedRequest, slug: str) -> HttpResponse:
    competition = competition_for(request, slug, Action.VIEW_SETUP)
    is_locked = queries.is_form_locked(competition, at=timezone.now())
    can_edit = Action.EDIT_SETUP in allowed_actions(request.actor, competition)
    context = {
        "competition": competition,
        "is_locked": is_locked,
        "can_edit": can_edit,
        "can_edit_form": can_edit and not is_locked,
        "words": {kind.model._meta.model_name: kind.add for kind in KINDS.values()},
        "forms": queries.forms_of(competition),
        "tiers": competition.tiers.all(),
        "categories": competition.categories.all(),
        "objection_reasons": competition.objection_reasons.all(),
    }
    return render(request, "competitions/setup_form.html", context)


@require_http_methods(["GET", "POST"])
def facts(request: AuthedRequest, slug: str) -> HttpResponse:
    competition = competition_for(request, slug, Action.EDIT_SETUP)
    form = FactsForm(request.POST or None, instance=competition)
    sent = VersionForm(request.POST or None)
    if request.method == "GET":
        return _form_page(request, competition, form, title=_("Facts"))
    if not (form.is_valid() and sent.is_valid()):
        return _form_page(request, competition, form, title=_("Facts"), status=UNPROCESSABLE)
    try:
        services.change_facts(
            form.instance,
            by=request.user,
            at=timezone.now(),
            version=sent.cleaned_data["version"],
            facts=form.cleaned_data,
        )
    except ValidationError as error:
        add_error(form, error)
        return _form_page(request, competition, form, title=_("Facts"), status=status_of(error))
    messages.success(request, _("Saved."))
    return redirect("competitions:setup-overview", slug)


@require_http_methods(["GET", "POST"])
def part_add(
    request: AuthedRequest, slug: str, kind: str, parent_pk: int | None = None
) -> HttpResponse:
    competition = competition_for(request, slug, Action.EDIT_SETUP)
    known = kind_of(kind)
    part = new_part(known, competition=competition, parent_pk=parent_pk)
    form = known.form(request.POST or None, instance=part)
    page: dict[str, Any] = {"title": known.add, "here": known.page}
    if request.method == "GET":
        return _form_page(request, competition, form, **page)
    if not form.is_valid():
        return _form_page(request, competition, form, status=UNPROCESSABLE, **page)
    try:
        reason = form.cleaned_data.get("reason", "")
        services.add_part(form.instance, by=request.user, at=timezone.now(), reason=reason)
    except ValidationError as error:
        add_error(form, error)
        return _form_page(request, competition, form, status=status_of(error), **page)
    messages.success(request, _("Saved."))
    return redirect(f"competitions:setup-{known.page}", slug)


@require_http_methods(["GET", "POST"])
def part_change(request: AuthedRequest, slug: str, kind: str, pk: int) -> HttpResponse:
    competition = competition_for(request, slug, Action.EDIT_SETUP)
    known = kind_of(kind)
    part = stored_part(known, competition=competition, pk=pk)
    form = known.form(request.POST or None, instance=part)
    sent = VersionForm(request.POST or None)
    page = {"title": known.change, "here": known.page, "kind": kind, "part": part}
    if request.method == "GET":
        return _form_page(request, competition, form, **page)
    if not (form.is_valid() and sent.is_valid()):
        return _form_page(request, competition, form, status=UNPROCESSABLE, **page)
    given = {"version": sent.cleaned_data["version"], "reason": form.cleaned_data.get("reason", "")}
    try:
        services.change_part(form.instance, by=request.user, at=timezone.now(), **given)
    except ValidationError as error:
        add_error(form, error)
        return _form_page(request, competition, form, status=status_of(error), **page)
    messages.success(request, _("Saved."))
    return redirect(f"competitions:setup-{known.page}", slug)


@require_http_methods(["GET", "POST"])
def part_remove(request: AuthedRequest, slug: str, kind: str, pk: int) -> HttpResponse:
    competition = competition_for(request, slug, Action.EDIT_SETUP)
    known = kind_of(kind)
    part = stored_part(known, competition=competition, pk=pk)
    sent = VersionForm(request.POST or None, initial={"version": part.version})
    context = {"competition": competition, "kind": known, "part": part, "form": sent}
    if request.method == "GET" or not sent.is_valid():
        status = UNPROCESSABLE if sent.is_bound else 200
        return render(request, "competitions/setup_remove.html", context, status=status)
    version = sent.cleaned_data["version"]
    try:
        services.remove_part(part, by=request.user, at=timezone.now(), version=version)
    except ValidationError as error:
        context["refusal"] = error.messages[0]
        return render(request, "competitions/setup_remove.html", context, status=status_of(error))
    messages.success(request, _("Removed."))
    return redirect(f"competitions:setup-{known.page}", slug)


@require_http_methods(["GET", "POST"])
def archive(request: AuthedRequest, slug: str) -> HttpResponse:
    competition = competition_for(request, slug, Action.ARCHIVE)
    if request.method == "GET":
        return render(request, "competitions/archive.html", {"competition": competition})
    try:
        services.archive_competition(competition, by=request.user, at=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("The competition is archived."))
    return redirect("competitions:setup-overview", slug)


def _form_page(
    request: AuthedRequest, competition: Competition, form: Any, *, status: int = 200, **more: Any
) -> HttpResponse:
    """The form as typed, with the version that is stored now: saving again is a decision."""
    model = type(form.instance)
    version = model._default_manager.filter(pk=form.instance.pk).values_list("version").first()
    hidden = VersionForm(initial={"version": version[0] if version else 1})["version"]
    context = {"competition": competition, "here": "overview", "form": form, "hidden": hidden}
    context |= more
    return render(request, "competitions/setup_edit.html", context, status=status)
