"""Proposals and past results from a sheet: an empty one to fill in, the check, the confirmation."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms import ConfirmForm
from accounts.intake import as_job, confirmed, inspected, keep, problems_in, settle, waiting
from accounts.models import Import
from competitions.models import Competition
from competitions.requests import AuthedRequest
from kipp.lib.sheets import MEDIA_TYPES
from kipp.lib.web import CONFLICT, attempted, refused_or_ok, sent_in
from proposals import exports, services
from proposals.import_forms import HistorySheetForm, ProposalSheetForm
from proposals.jobs import HISTORY, PROPOSALS
from proposals.permissions import BoardAction, may_on_board, paths_to_import
from proposals.queries.importing import may_import_history, places_in
from proposals.views.access import as_download, succeeded


@require_http_methods(["GET", "POST"])
def upload_proposals(request: AuthedRequest, slug: str) -> HttpResponse:
    competition, paths = fetch_importable(request, slug)
    tracks = competition.tracks.all()
    form = ProposalSheetForm(*sent_in(request), tracks=tracks)
    found = inspected(
        form,
        lambda content: services.inspect_proposals(
            content, track=form.cleaned_data["track"], paths=paths
        ),
    )
    if found and not found.problems:
        scope = str(form.cleaned_data["track"].pk)
        kind, by, at = services.PROPOSALS, request.user, timezone.now()
        sheet = keep(form, kind=kind, scope=scope, by=by, at=at)
        return redirect("proposals:import-confirm", slug=slug, pk=sheet.pk)
    seated = on_board(request, competition)
    context = {"competition": competition, "tracks": tracks, "on_board": seated}
    status = refused_or_ok(form, has_problems=found is not None)
    shown = {**context, **problems_in(form, found)}
    return render(request, "proposals/import.html", shown, status=status)


@require_http_methods(["GET", "POST"])
def confirm_proposals(request: AuthedRequest, slug: str, pk: int) -> HttpResponse:
    """Show what would be entered; entering checks the same file once more."""
    competition, paths = fetch_importable(request, slug)
    sheet = get_object_or_404(waiting(services.PROPOSALS, by=request.user), pk=pk)
    track = get_object_or_404(competition.tracks, pk=sheet.scope)
    form = ConfirmForm(sent_in(request)[0], initial={"sha256": sheet.sha256})
    asked: dict[str, Any] = {"track": track, "paths": paths}
    look = partial(services.inspect_proposals, **asked)
    if url := url_of_job(request, sheet, form, look, kind=PROPOSALS, track=track.pk):
        return redirect(url)
    enter = partial(services.enter_proposals, by=request.user, at=timezone.now(), **asked)
    found = attempted(request, partial(settle, sheet, form, look=look, enter=enter))
    if found is None:
        return redirect("proposals:import-upload", slug=slug)
    if succeeded(form) and not found.problems:
        tell_count(request, len(found.proposals))
        return redirect(*after_import(competition, is_seated=on_board(request, competition)))
    context = {"competition": competition, "sheet": sheet, "form": form, "found": found}
    context |= {"on_board": on_board(request, competition), "kicker": competition.name}
    context["back_url"] = reverse("proposals:import-upload", args=[slug])
    status = CONFLICT if found.problems else refused_or_ok(form, has_problems=False)
    return render(request, "proposals/import_confirm.html", context, status=status)


@require_safe
def empty_sheet(request: AuthedRequest, slug: str, key: str) -> HttpResponseBase:
    """With one column per section of the track's form."""
    competition, paths = fetch_importable(request, slug)
    track = get_object_or_404(competition.tracks, key=key)
    pieces = exports.empty_sheet(
        list(track.sections.all()),
        categories=competition.categories.all(),
        units=places_in(competition, paths=paths),
    )
    return as_download(pieces, name=f"{slug}-{key}.xlsx")


@require_http_methods(["GET", "POST"])
def upload_history(request: AuthedRequest) -> HttpResponse:
    require_recorder(request)
    form = HistorySheetForm(*sent_in(request))
    found = inspected(
        form,
        partial(services.inspect_history, actor=request.actor, at=timezone.now()),
    )
    if found and not found.problems:
        sheet = keep(form, kind=services.HISTORY, by=request.user, at=timezone.now())
        return redirect("proposals:history-confirm", pk=sheet.pk)
    status = refused_or_ok(form, has_problems=found is not None)
    return render(request, "proposals/history_import.html", problems_in(form, found), status=status)


@require_http_methods(["GET", "POST"])
def confirm_history(request: AuthedRequest, pk: int) -> HttpResponse:
    require_recorder(request)
    sheet = get_object_or_404(waiting(services.HISTORY, by=request.user), pk=pk)
    form = ConfirmForm(sent_in(request)[0], initial={"sha256": sheet.sha256})
    asked: dict[str, Any] = {"actor": request.actor, "at": timezone.now()}
    look = partial(services.inspect_history, **asked)
    if url := url_of_job(request, sheet, form, look, kind=HISTORY):
        return redirect(url)
    enter = partial(services.enter_history, by=request.user, **asked)
    found = attempted(request, partial(settle, sheet, form, look=look, enter=enter))
    if found is None:
        return redirect("proposals:history-import")
    if succeeded(form) and not found.problems:
        tell_results(request, len(found.awards))
        return redirect("proposals:register")
    back_url = reverse("proposals:history-import")
    context = {"sheet": sheet, "form": form, "found": found, "back_url": back_url}
    status = CONFLICT if found.problems else refused_or_ok(form, has_problems=False)
    return render(request, "proposals/history_confirm.html", context, status=status)


@require_safe
def history_example(request: AuthedRequest, form: str) -> HttpResponseBase:
    require_recorder(request)
    if form not in MEDIA_TYPES:
        raise Http404
    return as_download(exports.history_file(form=form), name=f"riwayat.{form}")


def url_of_job(
    request: AuthedRequest,
    sheet: Import,
    form: ConfirmForm,
    look: Callable[[bytes], services.Inspection],
    *,
    kind: str,
    **subject: int,
) -> str:
    """Where one sees how far it is; empty: few enough rows to be entered now."""
    found = confirmed(sheet, form, look)
    if found is None:
        return ""
    by, at = request.user, timezone.now()
    job = as_job(sheet, form, found, rows=found.rows, kind=kind, by=by, at=at, **subject)
    return reverse("job", args=[job.pk]) if job else ""


def fetch_importable(request: AuthedRequest, slug: str) -> tuple[Competition, tuple[str, ...]]:
    """With the places in the tree whose units the person may enter drafts for."""
    published = Competition.objects.published().select_related("host")
    competition: Competition = get_object_or_404(published, slug=slug)
    paths = paths_to_import(request.actor, competition)
    if not paths:
        raise PermissionDenied
    return competition, paths


def require_recorder(request: AuthedRequest) -> None:
    if not may_import_history(request.actor):
        raise PermissionDenied


def on_board(request: AuthedRequest, competition: Competition) -> bool:
    return may_on_board(request.actor, BoardAction.IMPORT, competition)


def after_import(competition: Competition, *, is_seated: bool) -> list[str]:
    if is_seated:
        return ["proposals:board", competition.slug]
    return ["proposals:innovation-list"]


def tell_count(request: AuthedRequest, count: int) -> None:
    told = ngettext("%(count)d draft was made.", "%(count)d drafts were made.", count)
    messages.success(request, told % {"count": count})


def tell_results(request: AuthedRequest, count: int) -> None:
    told = ngettext("%(count)d result was entered.", "%(count)d results were entered.", count)
    messages.success(request, told % {"count": count})
