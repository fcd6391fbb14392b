"""Extending a round: write it, see who will be told, then do it.

The page stands here because a judging round concerns its judges, whom this floor knows.
"""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from competitions import queries, services
from competitions.forms import ExtensionForm
from competitions.models import Round
from competitions.permissions import Action, may
from competitions.requests import AuthedRequest
from judging.queries import judges_of
from judging.views.answers import fresh_login
from judging.views.stages import fetch_competition
from kipp.lib.forms import add_error
from kipp.lib.web import UNPROCESSABLE


@require_http_methods(["GET", "POST"])
def extend(request: AuthedRequest, slug: str, pk: int) -> HttpResponse:
    return _extend(request, _fetch(request, slug, pk))


@fresh_login
def _extend(request: AuthedRequest, round_: Round) -> HttpResponse:
    competition = round_.competition
    form = ExtensionForm(request.POST or None, competition=competition)
    context = {"competition": competition, "round": round_, "form": form}
    if request.method == "GET":
        return render(request, "competitions/extend.html", context)
    if form.is_valid():
        judges = judges_of(round_)
        granted = {"by": request.user, "at": timezone.now(), **form.cleaned_data}
        try:
            extension = services.extend_round(round_, also_tell=judges, **granted)
        except ValidationError as error:
            add_error(form, error)
        else:
            told = queries.people_to_tell(round_, unit=extension.unit, also=judges)
            messages.success(request, _told(len(told)))
            return redirect("competitions:setup-overview", competition.slug)
    return render(request, "competitions/extend.html", context, status=UNPROCESSABLE)


@require_http_methods(["GET", "POST"])
def extend_preview(request: AuthedRequest, slug: str, pk: int) -> HttpResponse:
    """Writes nothing. The form is posted, because a long reason does not fit into an address."""
    round_ = _fetch(request, slug, pk)
    competition = round_.competition
    form = ExtensionForm(request.POST or request.GET, competition=competition)
    context = {"competition": competition, "round": round_, "form": form}
    if form.is_valid():
        target = {name: form.cleaned_data[name] for name in ("new_ends_at", "unit")}
        try:
            services.check_extension(round_, at=timezone.now(), **target)
        except ValidationError as error:
            add_error(form, error)
        else:
            judges = judges_of(round_)
            context["preview"] = queries.extension_preview(round_, also_tell=judges, **target)
            return render(request, "competitions/extend_preview.html", context)
    return render(request, "competitions/extend.html", context, status=UNPROCESSABLE)


def _fetch(request: AuthedRequest, slug: str, pk: int) -> Round:
    competition = fetch_competition(request.actor, slug)
    if not may(request.actor, Action.EXTEND, competition):
        raise PermissionDenied
    found: Round = get_object_or_404(queries.rounds_to_extend(competition), pk=pk)
    return found


def _told(count: int) -> str:
    return ngettext(
        "Extended. %(count)d person is told by mail.",
        "Extended. %(count)d people are told by mail.",
        count,
    ) % {"count": count}
