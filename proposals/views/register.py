"""The public register of innovations: search, one page for each, its pictures."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Page
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from competitions.middleware import shared_page
from competitions.requests import Request
from kipp.lib.web import THUMBNAIL_TYPE, page_of, query_of, serve_file
from proposals.forms import GOALS, RegisterFilter
from proposals.models import EarlierAward, RegisterEntry
from proposals.queries import register
from proposals.queries.files import photo_of
from proposals.queries.importing import may_import_history
from proposals.queries.register import Asked, Found


@login_not_required
@require_safe
@shared_page
def search(request: Request) -> HttpResponse:
    choices = register.choices()
    form = RegisterFilter(request.GET, choices=choices)
    asked = form.asked()
    page, found = page_and_found(request, asked, count=choices.count)
    context = {
        "form": form,
        "page": page,
        "found": found,
        "query": query_of(request),
        "is_filtered": any(asked.values()),
        "may_import": may_import_history(request.actor),
    }
    return render(request, "proposals/register.html", context)


def page_and_found(request: Request, asked: Asked, *, count: int) -> tuple[Page[int], list[Found]]:
    """`count`: of everything. Nobody writes SQL for its first page."""
    is_all = not any(asked.values())
    if is_all and (first := page_of(range(count), request)).number == 1:
        return first, register.first_found()
    page = page_of(register.asked_for(asked), request, count=count if is_all else None)
    return page, register.found_under(list(page), text=asked["text"])


@login_not_required
@require_safe
@shared_page
def show_entry(request: Request, pk: int) -> HttpResponse:
    """An innovation without an award is nowhere in the register: 404 for everybody."""
    entries = RegisterEntry.objects.select_related("innovation__unit__successor")
    entry = get_object_or_404(entries.defer("stems", "vector", "names"), pk=pk)
    names = dict(GOALS)
    context = {
        "entry": entry,
        "unit": entry.innovation.unit,
        "carrier": entry.innovation.carrier,
        "wins": register.wins_of(entry),
        "goals": [(goal, names[goal]) for goal in entry.sdgs if goal in names],
        "own": register.known_proposals(pk, actor=request.actor)
        if request.user.is_authenticated
        else [],
    }
    return render(request, "proposals/register_entry.html", context)


@login_not_required
@require_safe
def show_photo(request: Request, pk: int, submission_id: int) -> FileResponse:
    """Of a submission that won: the award names it from the release to a withdrawal."""
    awards = EarlierAward.objects.filter(innovation=pk, submission=submission_id)
    award = awards.select_related("submission").first()
    photo = photo_of(award.submission) if award and award.submission else None
    if photo is None:
        raise Http404
    name = f"inovasi-{pk}.webp"
    response = serve_file(photo["thumbnail_sha256"], name=name, media_type=THUMBNAIL_TYPE)
    response["Cache-Control"] = "public, max-age=3600"
    return response
