"""The committee's view of stages: what runs, who is behind."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from competitions.models import Competition
from competitions.permissions import Action
from competitions.permissions import may as may_run
from competitions.requests import AuthedRequest
from competitions.roles import Actor
from judging import services
from judging.models import Panelist, Stage
from judging.permissions import StageAction, allowed_actions, may
from judging.queries.committee import (
    entry_progress,
    has_recused_sheets,
    judge_lines,
    judge_progress,
    panels_of,
    stages_of,
)
from judging.queries.trail import history_of
from judging.queries.words import words_of_law
from judging.views.answers import sentence_of
from judging.workflow import StageStatus
from kipp.lib import clock
from kipp.lib.web import page_of


def fetch_competition(actor: Actor, slug: str) -> Competition:
    """A competition whose committee the person sits on; to others it has no such page."""
    found: Competition = get_object_or_404(Competition, slug=slug, pk__in=actor.seats)
    return found


def fetch_stage(actor: Actor, slug: str, key: str) -> Stage:
    found: Stage = get_object_or_404(
        Stage.objects.visible_to(actor).select_related("competition__host", "round"),
        competition__slug=slug,
        key=key,
    )
    return found


def require(actor: Actor, action: StageAction, stage: Stage) -> None:
    if not may(actor, action, stage):
        raise PermissionDenied


def stage_url(stage: Stage, name: str = "stage") -> str:
    return reverse(f"judging:{name}", args=[stage.competition.slug, stage.key])


@require_safe
def stage_list(request: AuthedRequest, slug: str) -> HttpResponse:
    competition = fetch_competition(request.actor, slug)
    rows = [
        (stage, clock.show_end(stage.round.ends_at, zone=competition.time_zone))
        for stage in stages_of(competition)
    ]
    can_edit = may_run(request.actor, Action.EDIT_SETUP, competition)
    context = {
        "competition": competition,
        "rows": rows,
        "can_edit": can_edit,
        "can_move": can_edit and all(stage.status == StageStatus.SETUP for stage, _end in rows),
    }
    return render(request, "judging/stages.html", context)


@require_safe
def stage_page(request: AuthedRequest, slug: str, key: str) -> HttpResponse:
    stage = fetch_stage(request.actor, slug, key)
    judges = page_of(judge_progress(stage), request)
    criteria = list(stage.criteria.all())
    actions = allowed_actions(request.actor, stage)
    context = {
        "competition": stage.competition,
        "stage": stage,
        "criteria": criteria,
        "law": words_of_law(stage, criteria=criteria),
        "judges": judges,
        "rows": judge_lines(judges),
        "panels": panels_of(stage) if StageAction.SET_UP in actions else [],
        "actions": actions,
        "can_fill": StageAction.FILL in actions and has_recused_sheets(stage),
        "history": history_of(stage),
        "end_text": clock.show_end(stage.round.ends_at, zone=stage.competition.time_zone),
    }
    return render(request, "judging/stage.html", context)


@require_safe
def entry_list(request: AuthedRequest, slug: str, key: str) -> HttpResponse:
    stage = fetch_stage(request.actor, slug, key)
    page = page_of(entry_progress(stage), request)
    context = {"competition": stage.competition, "stage": stage, "page": page}
    return render(request, "judging/entries.html", context)


@require_POST
def remind(request: AuthedRequest, slug: str, key: str, pk: int) -> HttpResponse:
    stage = fetch_stage(request.actor, slug, key)
    require(request.actor, StageAction.REMIND, stage)
    panelist = Panelist.objects.select_related("user", "stage__round").filter(stage=stage, pk=pk)
    found = panelist.first()
    if found is None:
        raise Http404
    try:
        services.remind_judge(found, by=request.user, at=timezone.now())
    except ValidationError as error:
        messages.error(request, sentence_of(error))
    else:
        messages.success(request, _("%(name)s is reminded by mail.") % {"name": found.user})
    came_from = "forecast" if request.POST.get("from") == "forecast" else "stage"
    return redirect(stage_url(stage, came_from))
