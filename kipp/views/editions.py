"""Copy a competition for the next year: fill in, look at the shifted dates, create the draft."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from competitions.models import Competition
from competitions.permissions import Action, may
from competitions.requests import AuthedRequest
from kipp.editions.cloning import clone_edition, preview_rounds
from kipp.editions.forms import CloneForm
from kipp.lib.forms import add_error

YEAR = timedelta(days=364)


@require_http_methods(["GET", "POST"])
def clone(request: AuthedRequest, slug: str) -> HttpResponse:
    source = _source(request, slug)
    form = CloneForm(request.POST or None, initial=_suggest(source) | request.GET.dict())
    if form.is_valid():
        try:
            made = clone_edition(source, by=request.user, at=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            add_error(form, error)
        else:
            messages.success(request, _("The draft is ready. Check it, then publish it."))
            return redirect("competitions:setup-overview", made.slug)
    context = {"competition": source, "form": form}
    return render(request, "competitions/clone.html", context, status=422 if form.is_bound else 200)


@require_safe
def clone_preview(request: AuthedRequest, slug: str) -> HttpResponse:
    source = _source(request, slug)
    form = CloneForm(request.GET)
    context = {"competition": source, "form": form}
    if not form.is_valid():
        return render(request, "competitions/clone.html", context, status=422)
    context["rounds"] = preview_rounds(source, first_day=form.cleaned_data["first_day"])
    return render(request, "competitions/clone_preview.html", context)


def _source(request: AuthedRequest, slug: str) -> Competition:
    visible = Competition.objects.visible_to(request.actor).select_related("host")
    source = get_object_or_404(visible, slug=slug)
    if not may(request.actor, Action.CLONE, source):
        raise PermissionDenied
    return source


def _suggest(source: Competition) -> dict[str, object]:
    """The same weekday a year later, and the next year wherever the old one stands."""
    old, new = str(source.year), str(source.year + 1)
    first, zone = source.rounds.order_by("starts_at").first(), ZoneInfo(source.time_zone)
    return {
        "name": source.name.replace(old, new),
        "year": new,
        "slug": source.slug.replace(old, new),
        "first_day": (first.starts_at.astimezone(zone) + YEAR).date() if first else None,
    }
