"""Proposals and past results from a sheet: an empty one to fill in, the check, the confirmation."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms import ConfirmForm
from accounts.models import Import
from accounts.services import keep_sheet
from competitions.models import Competition
from competitions.requests import AuthedRequest
from kipp.lib.web import CONFLICT, OK, UNPROCESSABLE
from proposals import exports, services
from proposals.import_forms import HistorySheetForm, ProposalSheetForm
from proposals.permissions import BoardAction, may_on_board, paths_to_import
from proposals.queries.importing import may_import_history, places_in
from proposals.services import Inspection
from proposals.views.access import CSV, XLSX, as_download, status_of, succeeded


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
        sheet = keep(request, form, kind=services.PROPOSALS, scope=scope)
        return redirect("proposals:import-confirm", slug=slug, pk=sheet.pk)
    seated = on_board(request, competition)
    context = {"competition": competition, "tracks": tracks, "on_board": seated}
    return render_upload(request, "proposals/import.html", context, form=form, found=found)


@require_http_methods(["GET", "POST"])
def confirm_proposals(request: AuthedRequest, slug: str, pk: int) -> HttpResponse:
    """Show what would be entered; entering checks the same file once more."""
    competition, paths = fetch_importable(request, slug)
    sheet = get_object_or_404(waiting(request, services.PROPOSALS), pk=pk)
    track = get_object_or_404(competition.tracks, pk=sheet.scope)
    form = ConfirmForm(request.POST or None, initial={"sha256": sheet.sha256})
    asked: dict[str, Any] = {"track": track, "paths": paths}
    found = settle(
        request,
        sheet,
        form,
        look=partial(services.inspect_proposals, **asked),
        enter=partial(services.enter_proposals, by=request.user, at=timezone.now(), **asked),
    )
    if found is None:
        return redirect("proposals:import-upload", slug=slug)
    if succeeded(form) and not found.problems:
        tell_count(request, len(found.proposals))
        return redirect(*after_import(competition, is_seated=on_board(request, competition)))
    context = {"competition": competition, "sheet": sheet, "form": form, "found": found}
    context["on_board"] = on_board(request, competition)
    status = CONFLICT if found.problems else OK
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
    return as_download(pieces, name=f"{slug}-{key}.xlsx", media_type=XLSX)


@require_http_methods(["GET", "POST"])
def upload_history(request: AuthedRequest) -> HttpResponse:
    require_recorder(request)
    form = HistorySheetForm(*sent_in(request))
    found = inspected(
        form,
        partial(services.inspect_history, actor=request.actor, at=timezone.now()),
    )
    if found and not found.problems:
        sheet = keep(request, form, kind=services.HISTORY)
        return redirect("proposals:history-confirm", pk=sheet.pk)
    return render_upload(request, "proposals/history_import.html", {}, form=form, found=found)


@require_http_methods(["GET", "POST"])
def confirm_history(request: AuthedRequest, pk: int) -> HttpResponse:
    require_recorder(request)
    sheet = get_object_or_404(waiting(request, services.HISTORY), pk=pk)
    form = ConfirmForm(request.POST or None, initial={"sha256": sheet.sha256})
    asked: dict[str, Any] = {"actor": request.actor, "at": timezone.now()}
    found = settle(
        request,
        sheet,
        form,
        look=partial(services.inspect_history, **asked),
        enter=partial(services.enter_history, by=request.user, **asked),
    )
    if found is None:
        return redirect("proposals:history-import")
    if succeeded(form) and not found.problems:
        tell_results(request, len(found.awards))
        return redirect("proposals:register")
    context = {"sheet": sheet, "form": form, "found": found}
    status = CONFLICT if found.problems else OK
    return render(request, "proposals/history_confirm.html", context, status=status)


@require_safe
def history_example(request: AuthedRequest, form: str) -> HttpResponseBase:
    require_recorder(request)
    if form == "csv":
        return as_download(exports.history_csv(), name="riwayat.csv", media_type=CSV)
    if form == "xlsx":
        return as_download(exports.history_xlsx(), name="riwayat.xlsx", media_type=XLSX)
    raise Http404


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


def waiting(request: AuthedRequest, kind: str) -> QuerySet[Import]:
    return request.user.imports.filter(kind=kind, applied_at=None)


def sent_in(request: AuthedRequest) -> tuple[Any, Any]:
    """Also an empty POST is one: it gets a sentence."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def content_of(form: BaseForm) -> bytes:
    """Asked again after the check: from the beginning each time."""
    file = form.cleaned_data["file"]
    file.seek(0)
    content: bytes = file.read()
    return content


def inspected(form: BaseForm, look: Callable[[bytes], Inspection]) -> Inspection | None:
    """A file that is no such sheet is refused at its field."""
    if not form.is_valid():
        return None
    try:
        return look(content_of(form))
    except ValidationError as error:
        form.add_error("file", error)
        return None


def keep(request: AuthedRequest, form: BaseForm, *, kind: str, scope: str = "") -> Import:
    name = form.cleaned_data["file"].name
    return keep_sheet(
        content_of(form), name=name, kind=kind, scope=scope, by=request.user, at=timezone.now()
    )


def settle(
    request: AuthedRequest,
    sheet: Import,
    form: BaseForm,
    *,
    look: Callable[[bytes], Inspection],
    enter: Callable[..., Inspection],
) -> Inspection | None:
    """What the sheet holds, entered once the form says so; None: refused, with a sentence."""
    try:
        if form.is_valid():
            return enter(sheet, **form.cleaned_data)
        return look(bytes(sheet.content))
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return None


def render_upload(
    request: AuthedRequest,
    page: str,
    context: dict[str, object],
    *,
    form: BaseForm,
    found: Inspection | None,
) -> HttpResponse:
    """`found` is there when the file was a sheet, but one with problems."""
    status = UNPROCESSABLE if found else status_of(form)
    name = form.cleaned_data["file"].name if found else ""
    shown = {**context, "form": form, "name": name, "problems": found.problems if found else ()}
    return render(request, page, shown, status=status)


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
