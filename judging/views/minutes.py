"""The minutes of each frozen ranking: to print, to sign, to send back signed, to add to."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from competitions.requests import AuthedRequest
from judging import services
from judging.exports import MEDIA_TYPES
from judging.forms.minutes import AddendumForm, ScanForm
from judging.minutes_exports import WRITERS, addendum_file, minutes_file
from judging.models import Addendum, Ranking, SignedMinutes, Stage
from judging.permissions import StageAction, allowed_actions
from judging.queries.differences import difference_of
from judging.queries.minutes import versions_with_papers
from judging.views.answers import attempt
from judging.views.stages import fetch_stage, require, stage_url
from kipp.lib.web import OK, attached_privately, serve_file


@require_safe
def minutes(request: AuthedRequest, slug: str, key: str) -> HttpResponse:
    stage = fetch_stage(request.actor, slug, key)
    require(request.actor, StageAction.SEE_RESULTS, stage)
    return _page(request, stage, scan=ScanForm(), addendum=AddendumForm(), status=OK)


@require_POST
def add_scan(request: AuthedRequest, slug: str, key: str, version: int) -> HttpResponse:
    ranking = _ranking(request, slug, key, version, action=StageAction.MINUTE)
    form = ScanForm(request.POST, request.FILES)
    status = attempt(form, lambda: _add_scan(request, ranking, form))
    if status == OK:
        messages.success(request, _("The signed minutes are kept."))
        return redirect(stage_url(ranking.stage, "minutes"))
    return _page(request, ranking.stage, scan=form, addendum=AddendumForm(), status=status)


def _add_scan(request: AuthedRequest, ranking: Ranking, form: ScanForm) -> None:
    file = form.cleaned_data["file"]
    services.add_signed_minutes(
        ranking, file=file, name=file.name, by=request.user, at=timezone.now()
    )


@require_POST
def add_addendum(request: AuthedRequest, slug: str, key: str, version: int) -> HttpResponse:
    ranking = _ranking(request, slug, key, version, action=StageAction.MINUTE)
    form = AddendumForm(request.POST)
    status = attempt(form, lambda: _add_addendum(request, ranking, form))
    if status == OK:
        messages.success(request, _("The addendum is kept. Print it and let it be signed."))
        return redirect(stage_url(ranking.stage, "minutes"))
    return _page(request, ranking.stage, scan=ScanForm(), addendum=form, status=status)


def _add_addendum(request: AuthedRequest, ranking: Ranking, form: AddendumForm) -> None:
    services.add_addendum(
        ranking, text=form.cleaned_data["text"], by=request.user, at=timezone.now()
    )


@require_safe
def minutes_paper(
    request: AuthedRequest, slug: str, key: str, version: int, ending: str
) -> HttpResponse:
    ranking = _ranking(request, slug, key, version, action=StageAction.SEE_RESULTS)
    _require_ending(ending)
    name = f"berita-acara-{slug}-{key}-v{version}.{ending}"
    return _paper(minutes_file(ranking, ending=ending), name=name, ending=ending)


@require_safe
def addendum_paper(
    request: AuthedRequest, slug: str, key: str, pk: int, ending: str
) -> HttpResponse:
    stage = fetch_stage(request.actor, slug, key)
    require(request.actor, StageAction.SEE_RESULTS, stage)
    _require_ending(ending)
    addendum = get_object_or_404(
        Addendum.objects.select_related("ranking__stage__competition__host"),
        ranking__stage=stage,
        pk=pk,
    )
    name = f"adendum-{addendum.number}-{slug}-{key}-v{addendum.ranking.version}.{ending}"
    return _paper(addendum_file(addendum, ending=ending), name=name, ending=ending)


@require_safe
def scan(request: AuthedRequest, slug: str, key: str, pk: int) -> FileResponse:
    stage = fetch_stage(request.actor, slug, key)
    require(request.actor, StageAction.SEE_RESULTS, stage)
    found = get_object_or_404(SignedMinutes, ranking__stage=stage, pk=pk)
    return serve_file(found.sha256, name=found.name, media_type=MEDIA_TYPES["pdf"])


@require_safe
def difference(request: AuthedRequest, slug: str, key: str, version: int) -> HttpResponse:
    ranking = _ranking(request, slug, key, version, action=StageAction.SEE_RESULTS)
    found = difference_of(ranking)
    if found is None:
        raise Http404
    context = {
        "competition": ranking.stage.competition,
        "stage": ranking.stage,
        "difference": found,
    }
    return render(request, "judging/difference.html", context)


def _ranking(
    request: AuthedRequest, slug: str, key: str, version: int, *, action: StageAction
) -> Ranking:
    stage = fetch_stage(request.actor, slug, key)
    require(request.actor, action, stage)
    found: Ranking = get_object_or_404(
        stage.rankings.select_related("stage__competition__host", "frozen_by").defer("inputs"),
        version=version,
    )
    return found


def _require_ending(ending: str) -> None:
    if ending not in WRITERS:
        raise Http404


def _page(
    request: AuthedRequest, stage: Stage, *, scan: ScanForm, addendum: AddendumForm, status: int
) -> HttpResponse:
    context = {
        "competition": stage.competition,
        "stage": stage,
        "versions": versions_with_papers(stage),
        "scan": scan,
        "addendum": addendum,
        "actions": allowed_actions(request.actor, stage),
    }
    return render(request, "judging/minutes.html", context, status=status)


def _paper(content: bytes, *, name: str, ending: str) -> HttpResponse:
    response = HttpResponse(content, content_type=MEDIA_TYPES[ending])
    return attached_privately(response, name=name)
