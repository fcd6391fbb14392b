"""Drafts of who reads what: made, looked at, compared, changed by hand, released."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.services import ask_job
from competitions.forms import VersionForm
from competitions.requests import AuthedRequest
from judging import services
from judging.assigning import Move, Statistics
from judging.forms.planning import DraftForm, MoveForm, OtherDraftForm, VersionedMoveForm
from judging.jobs import ADJUSTMENT, DRAFT, is_planned_at_once
from judging.models import AssignmentDraft, Stage
from judging.permissions import StageAction
from judging.queries.drafts import (
    DraftView,
    effect_of,
    givers_of,
    moved_apart,
    returns_of,
    statistic_rows,
    takers_of,
    view_both,
    view_draft,
)
from judging.queries.planning import conflicts_in, seats_of
from judging.views.answers import overtaken
from judging.views.stages import fetch_stage, require, stage_url
from judging.workflow import DraftStatus, StageStatus
from kipp.lib.forms import add_error
from kipp.lib.web import UNPROCESSABLE, page_of, render_form


def fetch_drafts(request: AuthedRequest, slug: str, key: str) -> Stage:
    stage = fetch_stage(request.actor, slug, key)
    require(request.actor, StageAction.ASSIGN, stage)
    return stage


def fetch_draft(stage: Stage, number: int) -> AssignmentDraft:
    draft: AssignmentDraft = get_object_or_404(
        AssignmentDraft.objects.select_related("made_by", "released_by"),
        stage=stage,
        number=number,
    )
    draft.stage = stage
    return draft


def draft_url(draft: AssignmentDraft, name: str = "draft") -> str:
    stage = draft.stage
    return reverse(f"judging:{name}", args=[stage.competition.slug, stage.key, draft.number])


@require_http_methods(["GET", "POST"])
def draft_list(request: AuthedRequest, slug: str, key: str) -> HttpResponse:
    """GET shows the drafts; POST plans one more."""
    stage = fetch_drafts(request, slug, key)
    judges = Counter(each.kind for each in seats_of(stage))
    is_open = stage.status == StageStatus.OPEN
    form = DraftForm(request.POST or None, judges=judges, is_open=is_open)
    if form.is_valid():
        try:
            return redirect(_planned(request, stage, form.terms()))
        except ValidationError as error:
            add_error(form, error)
    context = {
        "competition": stage.competition,
        "stage": stage,
        "drafts": stage.drafts.select_related("made_by").defer("pairs"),
        "form": form,
    }
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "judging/drafts.html", context, status=status)


def _planned(request: AuthedRequest, stage: Stage, terms: dict[str, Any]) -> str:
    """Where the draft is; of a large stage, where one sees how far it is."""
    by, at = request.user, timezone.now()
    if is_planned_at_once(stage):
        return draft_url(services.make_draft(stage, by=by, at=at, **terms))
    return _ask(request, DRAFT, stage, **terms)


def _ask(request: AuthedRequest, kind: str, stage: Stage, **subject: Any) -> str:
    job = ask_job(
        kind,
        {"stage": stage.pk, **subject},
        about=f"{stage.competition.name}, {stage.name}",
        edition=stage.competition_id,
        by=request.user,
        at=timezone.now(),
    )
    return reverse("job", args=[job.pk])


@require_safe
def draft_page(request: AuthedRequest, slug: str, key: str, number: int) -> HttpResponse:
    stage = fetch_drafts(request, slug, key)
    view = view_draft(fetch_draft(stage, number), at=timezone.now())
    others = stage.drafts.exclude(number=number).defer("pairs")
    context = {
        **_head(view),
        "rows": statistic_rows(view.statistics, stage=stage),
        "judges": view.judges(),
        "gaps": view.gaps(),
        "entries": page_of(view.entries(), request),
        "compare": OtherDraftForm(others=others) if others else None,
    }
    return render(request, "judging/draft.html", context)


@require_safe
def compare(request: AuthedRequest, slug: str, key: str, number: int) -> HttpResponse:
    stage = fetch_drafts(request, slug, key)
    draft = fetch_draft(stage, number)
    form = OtherDraftForm(request.GET, others=stage.drafts.exclude(number=number))
    if not form.is_valid():
        raise Http404
    other = form.other()
    first, second = view_both(draft, other, at=timezone.now())
    context = {
        **_head(first),
        "pair": [draft, other],
        "rows": statistic_rows(first.statistics, second.statistics, stage=stage),
        "apart": (moved_apart(draft, other), moved_apart(other, draft)),
    }
    return render(request, "judging/draft_compare.html", context)


@require_http_methods(["GET", "POST"])
def move(request: AuthedRequest, slug: str, key: str, number: int, receipt: str) -> HttpResponse:
    """GET shows what a move would change; POST makes it."""
    stage = fetch_drafts(request, slug, key)
    draft = fetch_draft(stage, number)
    view = view_draft(draft, at=timezone.now())
    if receipt not in view.situation.submissions:
        raise Http404
    if request.method == "GET":
        return _preview(request, view, receipt)
    form = VersionedMoveForm(request.POST, **_choices(view, receipt, request.POST))
    if not form.is_valid():
        return _preview(request, view, receipt, refused=form)
    try:
        services.move_reading(
            draft,
            move=form.move(receipt),
            version=form.cleaned_data["version"],
            by=request.user,
            at=timezone.now(),
        )
    except ValidationError as error:
        return overtaken(request, error, back_url=draft_url(draft))
    messages.success(request, _("The draft is changed."))
    return redirect(draft_url(draft))


def _preview(
    request: AuthedRequest, view: DraftView, receipt: str, *, refused: MoveForm | None = None
) -> HttpResponse:
    """The form, and once somebody is chosen the statistics before and after."""
    choices = _choices(view, receipt, request.GET)
    is_chosen = bool(request.GET.get("dari") or request.GET.get("kepada"))
    form = refused or MoveForm(request.GET if is_chosen else None, **choices)
    context = {
        **_head(view),
        "submission": view.situation.submissions[receipt],
        "form": form,
    }
    status = UNPROCESSABLE if refused else 200
    if is_chosen and form.is_valid():
        chosen = form.move(receipt)
        try:
            after = effect_of(view, chosen)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            context |= _effect(view, chosen, after)
    if form.errors:
        status = UNPROCESSABLE
    return render(request, "judging/draft_move.html", context, status=status)


def _effect(view: DraftView, move: Move, after: Statistics) -> dict[str, Any]:
    """The table before and after, and what the button that confirms sends."""
    return {
        "rows": statistic_rows(view.statistics, after, stage=view.draft.stage),
        "heads": [_("Before"), _("After")],
        "sent": {
            "dari": move.giver,
            "kepada": move.taker,
            "ganti": move.in_return,
            "version": view.draft.version,
        },
    }


def _choices(view: DraftView, receipt: str, sent: Any) -> dict[str, Any]:
    giver, taker = sent.get("dari", ""), sent.get("kepada", "")
    return {
        "givers": givers_of(view, receipt),
        "takers": takers_of(view, receipt),
        "returns": returns_of(view, giver=giver, taker=taker) if giver and taker else {},
    }


@require_POST
def adjust(request: AuthedRequest, slug: str, key: str, number: int) -> HttpResponse:
    stage = fetch_drafts(request, slug, key)
    draft = fetch_draft(stage, number)
    if not is_planned_at_once(stage):
        return redirect(_ask(request, ADJUSTMENT, stage, draft=draft.pk))
    try:
        made = services.adjust_draft(draft, by=request.user, at=timezone.now())
    except ValidationError as error:
        return overtaken(request, error, back_url=draft_url(draft))
    messages.success(request, _("A new draft keeps what still holds of the old one."))
    return redirect(draft_url(made))


@require_POST
def discard(request: AuthedRequest, slug: str, key: str, number: int) -> HttpResponse:
    stage = fetch_drafts(request, slug, key)
    draft, sent = fetch_draft(stage, number), VersionForm(request.POST)
    if not sent.is_valid():
        context = {"back_url": draft_url(draft)}
        return render(request, "errors/409.html", context, status=UNPROCESSABLE)
    version = sent.cleaned_data["version"]
    try:
        services.discard_draft(draft, version=version, by=request.user, at=timezone.now())
    except ValidationError as error:
        return overtaken(request, error, back_url=draft_url(draft))
    messages.success(request, _("The draft is discarded."))
    return redirect(stage_url(stage, "draft-list"))


@require_http_methods(["GET", "POST"])
def release(request: AuthedRequest, slug: str, key: str, number: int) -> HttpResponse:
    """GET says what the release does; POST does it in one act."""
    stage = fetch_drafts(request, slug, key)
    draft, at = fetch_draft(stage, number), timezone.now()
    sent = VersionForm(request.POST or None, initial={"version": draft.version})
    if request.method == "GET" or not sent.is_valid():
        view = view_draft(draft, at=at)
        context = {**_head(view), "form": sent, "gaps": view.gaps()}
        context["rows"] = statistic_rows(view.statistics, stage=stage)
        return render_form(request, "judging/draft_release.html", context)
    try:
        services.release_draft(draft, version=sent.cleaned_data["version"], by=request.user, at=at)
    except ValidationError as error:
        return overtaken(request, error, back_url=draft_url(draft))
    messages.success(request, _("The draft is released. The judges are told by mail."))
    return redirect(stage_url(stage))


def _head(view: DraftView) -> dict[str, Any]:
    """What every page of one draft shows."""
    draft = view.draft
    return {
        "competition": draft.stage.competition,
        "stage": draft.stage,
        "draft": draft,
        "is_draft": draft.status == DraftStatus.DRAFT,
        "is_fresh": view.is_fresh,
    }


@require_safe
def conflicts(request: AuthedRequest, slug: str, key: str) -> HttpResponse:
    """Every pair that is kept apart, with the reason: for the committee alone."""
    stage = fetch_drafts(request, slug, key)
    found, dismissed = conflicts_in(stage, at=timezone.now())
    page = page_of(found, request)
    context = {
        "competition": stage.competition,
        "stage": stage,
        "page": page,
        "dismissed": dismissed,
    }
    return render(request, "judging/conflicts.html", context)
