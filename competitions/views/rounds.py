"""Extending a round: write it, see who will be told, then do it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from competitions import queries, services
from competitions.forms import ExtensionForm, add_error
from competitions.permissions import Action
from competitions.requests import AuthedRequest
from competitions.views.access import UNPROCESSABLE, competition_for


@require_http_methods(["GET", "POST"])
def extend(request: AuthedRequest, slug: str, pk: int) -> HttpResponse:
    competition = competition_for(request, slug, Action.EXTEND)
    round_ = get_object_or_404(queries.rounds_to_extend(competition), pk=pk)
    form = ExtensionForm(request.POST or None, competition=competition)
    context = {"competition": competition, "round": round_, "form": form}
    if request.method == "GET":
        return render(request, "competitions/extend.html", context)
    if form.is_valid():
        try:
            extension = services.extend_round(
                round_, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except ValidationError as error:
            add_error(form, error)
        else:
            told = queries.people_concerned(round_, unit=extension.unit).count()
            messages.success(request, _told(told))
            return redirect("competitions:setup-overview", slug)
    return render(request, "competitions/extend.html", context, status=UNPROCESSABLE)


@require_GET
def extend_preview(request: AuthedRequest, slug: str, pk: int) -> HttpResponse:
    competition = competition_for(request, slug, Action.EXTEND)
    round_ = get_object_or_404(queries.rounds_to_extend(competition), pk=pk)
    form = ExtensionForm(request.GET, competition=competition)
    context = {"competition": competition, "round": round_, "form": form}
    if form.is_valid():
        target = {name: form.cleaned_data[name] for name in ("new_ends_at", "unit")}
        try:
            services.check_extension(round_, at=timezone.now(), **target)
        except ValidationError as error:
            add_error(form, error)
        else:
            context["preview"] = queries.extension_preview(round_, **target)
            return render(request, "competitions/extend_preview.html", context)
    return render(request, "competitions/extend.html", context, status=UNPROCESSABLE)


def _told(count: int) -> str:
    return ngettext(
        "Extended. %(count)d person is told by mail.",
        "Extended. %(count)d people are told by mail.",
        count,
    ) % {"count": count}
