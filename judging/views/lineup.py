"""The line of stages of a competition, and the check before the competition is published."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from competitions import services as competitions
from competitions.forms import VersionForm
from competitions.models import Competition
from competitions.permissions import Action, may
from competitions.queries import missing_for_publication
from competitions.requests import AuthedRequest
from competitions.workflow import COMPETITION_FLOW, CompetitionMove
from judging import services
from judging.forms.stage import NewStageForm
from judging.models import Stage
from judging.permissions import StageAction
from judging.queries.readiness import rounds_without_stage, stage_problems
from judging.views.answers import overtaken, sentence_of, status_of
from judging.views.stages import fetch_competition, fetch_stage, require, stage_url
from kipp.lib.forms import add_error
from kipp.lib.web import UNPROCESSABLE


@require_http_methods(["GET", "POST"])
def stage_add(request: AuthedRequest, slug: str) -> HttpResponse:
    competition = _competition(request, slug, Action.EDIT_SETUP)
    form = NewStageForm(request.POST or None, instance=Stage(competition=competition))
    if form.is_valid():
        try:
            services.add_stage(form.instance, by=request.user, at=timezone.now())
        except ValidationError as error:
            add_error(form, error)
        else:
            messages.success(request, _("The stage is added. Now write its law and its criteria."))
            return redirect("judging:stage-setup", slug, form.instance.key)
    has_rounds = rounds_without_stage(competition).exists()
    context = {"competition": competition, "form": form, "has_rounds": has_rounds}
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "judging/stage_add.html", context, status=status)


@require_http_methods(["GET", "POST"])
def stage_remove(request: AuthedRequest, slug: str, key: str) -> HttpResponse:
    stage = fetch_stage(request.actor, slug, key)
    require(request.actor, StageAction.SET_UP, stage)
    sent = VersionForm(request.POST or None, initial={"version": stage.version})
    context = {"competition": stage.competition, "stage": stage, "form": sent}
    if request.method == "GET" or not sent.is_valid():
        status = UNPROCESSABLE if request.method == "POST" else 200
        return render(request, "judging/stage_remove.html", context, status=status)
    version = sent.cleaned_data["version"]
    try:
        services.remove_stage(stage, by=request.user, at=timezone.now(), version=version)
    except ValidationError as error:
        again = VersionForm(initial={"version": stage.version})
        context |= {"refusal": sentence_of(error), "back_url": stage_url(stage), "form": again}
        return render(request, "judging/stage_remove.html", context, status=status_of(error))
    messages.success(request, _("Removed."))
    return redirect("judging:stage-list", slug)


class Move(Protocol):
    def __call__(self, stage: Stage, *, by: User, at: datetime, version: int) -> None: ...


@require_POST
def move_up(request: AuthedRequest, slug: str, key: str) -> HttpResponse:
    return _move(request, slug, key, verb=services.move_stage_up)


@require_POST
def move_down(request: AuthedRequest, slug: str, key: str) -> HttpResponse:
    return _move(request, slug, key, verb=services.move_stage_down)


def _move(request: AuthedRequest, slug: str, key: str, *, verb: Move) -> HttpResponse:
    stage = fetch_stage(request.actor, slug, key)
    require(request.actor, StageAction.SET_UP, stage)
    page, sent = reverse("judging:stage-list", args=[slug]), VersionForm(request.POST)
    if not sent.is_valid():
        return render(request, "errors/409.html", {"back_url": page}, status=UNPROCESSABLE)
    try:
        verb(stage, by=request.user, at=timezone.now(), version=sent.cleaned_data["version"])
    except ValidationError as error:
        return overtaken(request, error, back_url=page)
    return redirect(f"{page}#{key}")


@require_http_methods(["GET", "POST"])
def publish(request: AuthedRequest, slug: str) -> HttpResponse:
    """GET lists what every floor still misses; POST publishes once nothing is missing."""
    competition = _competition(request, slug, Action.PUBLISH)
    problems = stage_problems(competition)
    status, refusal = 200, ""
    if request.method == "POST":
        try:
            competitions.publish_competition(
                competition, by=request.user, at=timezone.now(), also_missing=problems
            )
        except ValidationError as error:
            status, refusal = status_of(error), sentence_of(error)
        else:
            messages.success(request, _("The competition is published: everybody can read it now."))
            return redirect("competitions:setup-overview", slug)
    context = {
        "competition": competition,
        "missing": [*missing_for_publication(competition), *problems],
        "can_publish": CompetitionMove.PUBLISH in COMPETITION_FLOW.actions_from(competition.status),
        "refusal": refusal,
    }
    return render(request, "judging/publish.html", context, status=status)


def _competition(request: AuthedRequest, slug: str, action: Action) -> Competition:
    competition = fetch_competition(request.actor, slug)
    if not may(request.actor, action, competition):
        raise PermissionDenied
    return competition
