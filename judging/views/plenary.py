"""The plenary on the committee's screen: the agenda, who leaves, changes of the order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from competitions.requests import AuthedRequest
from judging import services
from judging.forms.plenary import ConfirmForm, MoveForm
from judging.models import Plenary, PlenaryItem, Ranking, Reordering, Stage
from judging.permissions import StageAction, allowed_actions
from judging.queries.plenary import (
    current_item,
    items_of,
    leavers_of,
    moves_of,
    plenary_of,
    session_of,
    shifts_of,
    waiting_of,
)
from judging.queries.results import shown_ranking
from judging.views.answers import overtaken, sentence_of, status_of
from judging.views.stages import fetch_stage, require, stage_url
from kipp.lib import clock
from kipp.lib.web import page_of, render_form, sent_in


@require_safe
def page(request: AuthedRequest, slug: str, key: str) -> HttpResponse:
    stage = fetch_stage(request.actor, slug, key)
    require(request.actor, StageAction.SEE_RESULTS, stage)
    ranking = shown_ranking(stage)
    assert ranking is not None  # noqa: S101 - a closed stage has a ranking
    plenary = plenary_of(stage)
    context: dict[str, object] = {
        "competition": stage.competition,
        "stage": stage,
        "ranking": ranking,
        "plenary": plenary,
        "actions": allowed_actions(request.actor, stage),
        "is_sitting": plenary is not None and plenary.closed_at is None,
    }
    if plenary is not None:
        context |= _agenda(request, plenary)
        context |= _waiting(plenary, ranking, by=request.user.pk)
        zone = stage.competition.time_zone
        context["ended"] = plenary.closed_at and clock.show_moment(plenary.closed_at, zone=zone)
    return render(request, "judging/plenary.html", context)


def _agenda(request: AuthedRequest, plenary: Any) -> dict[str, object]:
    rows = page_of(items_of(plenary), request, count=plenary.length)
    current = current_item(plenary)
    wanted = [row.entry_id for row in rows] + ([current.entry_id] if current else [])
    leavers = leavers_of(plenary.ranking.stage, wanted)
    return {
        "page": rows,
        "rows": [(row, leavers.get(row.entry_id, [])) for row in rows],
        "current": current,
        "leavers": leavers.get(current.entry_id, []) if current else [],
        "upcoming": plenary.upcoming if plenary.closed_at is None else None,
    }


def _waiting(plenary: Plenary, ranking: Ranking, *, by: int) -> dict[str, object]:
    """What waits, what it would change, and whether this person may be the second."""
    rows = list(waiting_of(plenary)) if plenary.closed_at is None else []
    numbers = ",".join(str(row.number) for row in rows)
    shifts = shifts_of(ranking, moves_of(rows)) if rows else []
    return {
        "waiting": rows,
        "shifts": [shift for shift in shifts if shift.matters],
        "making_room": sum(1 for shift in shifts if not shift.matters),
        "is_second": by not in {row.proposed_by_id for row in rows},
        "confirm_form": ConfirmForm(initial={"version": ranking.version, "numbers": numbers}),
    }


@require_POST
def convene(request: AuthedRequest, slug: str, key: str) -> HttpResponse:
    stage = fetch_stage(request.actor, slug, key)
    require(request.actor, StageAction.CONVENE, stage)
    try:
        services.convene_plenary(stage, by=request.user, at=timezone.now())
    except ValidationError as error:
        return overtaken(request, error, back_url=stage_url(stage, "plenary"))
    return redirect(stage_url(stage, "plenary"))


@require_POST
def end(request: AuthedRequest, slug: str, key: str) -> HttpResponse:
    stage = fetch_stage(request.actor, slug, key)
    require(request.actor, StageAction.CONVENE, stage)
    try:
        services.end_plenary(_sitting(stage), by=request.user, at=timezone.now())
    except ValidationError as error:
        return overtaken(request, error, back_url=stage_url(stage, "plenary"))
    messages.success(request, _("The plenary has ended. What was discussed is in an addendum."))
    return redirect(stage_url(stage, "plenary"))


@require_POST
def call(request: AuthedRequest, slug: str, key: str, position: int) -> HttpResponse:
    stage = fetch_stage(request.actor, slug, key)
    require(request.actor, StageAction.CONVENE, stage)
    plenary = _sitting(stage)
    get_object_or_404(PlenaryItem, plenary=plenary, position=position)
    try:
        services.call_item(plenary, position=position, by=request.user, at=timezone.now())
    except ValidationError as error:
        return overtaken(request, error, back_url=stage_url(stage, "plenary"))
    return redirect(stage_url(stage, "plenary"))


@require_http_methods(["GET", "POST"])
def move(request: AuthedRequest, slug: str, key: str, position: int) -> HttpResponse:
    """The chair's change of one entry's place; the page says what it would move."""
    stage = fetch_stage(request.actor, slug, key)
    require(request.actor, StageAction.REORDER, stage)
    plenary = _sitting(stage)
    item = get_object_or_404(
        items_of(plenary).select_related("entry__submission"), position=position
    )
    ranking = shown_ranking(stage)
    initial = {"version": ranking.version if ranking else None}
    form = MoveForm(sent_in(request)[0], initial=initial)
    context = {"competition": stage.competition, "stage": stage, "item": item, "form": form}
    if request.method == "GET" or not form.is_valid():
        return render_form(request, "judging/plenary_move.html", context)
    terms = {**form.cleaned_data, "by": request.user, "at": timezone.now()}
    try:
        services.propose_reordering(plenary, entry=item.entry, **terms)
    except ValidationError as error:
        form.add_error(None, sentence_of(error))
        return render(request, "judging/plenary_move.html", context, status=status_of(error))
    messages.success(request, _("The change is proposed. It counts once a second person confirms."))
    return redirect(stage_url(stage, "plenary"))


@require_POST
def withdraw(request: AuthedRequest, slug: str, key: str, number: int) -> HttpResponse:
    stage = fetch_stage(request.actor, slug, key)
    require(request.actor, StageAction.REORDER, stage)
    rows = Reordering.objects.select_related("plenary__ranking__stage")
    reordering = get_object_or_404(rows, plenary=_sitting(stage), number=number)
    try:
        services.withdraw_reordering(reordering, by=request.user, at=timezone.now())
    except ValidationError as error:
        return overtaken(request, error, back_url=stage_url(stage, "plenary"))
    return redirect(stage_url(stage, "plenary"))


@require_POST
def confirm(request: AuthedRequest, slug: str, key: str) -> HttpResponse:
    stage = fetch_stage(request.actor, slug, key)
    require(request.actor, StageAction.CONFIRM_ORDER, stage)
    plenary, form = _sitting(stage), ConfirmForm(request.POST)
    try:
        _confirm(plenary, form, by=request)
    except ValidationError as error:
        return overtaken(request, error, back_url=stage_url(stage, "plenary"))
    messages.success(request, _("The order is confirmed and the ranking is frozen anew."))
    return redirect(stage_url(stage, "plenary"))


def _confirm(plenary: Plenary, form: ConfirmForm, *, by: AuthedRequest) -> None:
    if not form.is_valid():
        raise ValidationError(_("Reload the page and look at the changes again."), code="form")
    version: int = form.cleaned_data["version"]
    numbers: Sequence[int] = form.shown()
    services.confirm_reorderings(
        plenary, numbers=numbers, version=version, by=by.user, at=timezone.now()
    )


def _sitting(stage: Stage) -> Plenary:
    """The session; without one there is nothing to call or move."""
    found = session_of(stage)
    if found is None:
        raise Http404
    return found
