"""The judge's desk: what waits, and the step that opens an entry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from competitions.requests import AuthedRequest
from competitions.roles import Actor
from judging import services
from judging.forms.scorecard import QueueFilter, ReasonForm
from judging.models import Assignment, Stage
from judging.permissions import SheetAction, may_judge, may_score_offline
from judging.queries.desk import (
    TONES,
    SheetState,
    desk_stages,
    first_lines,
    progress_of,
    queue_of,
    seats_to_answer,
    sheet_of,
    stage_read_by,
)
from judging.queries.plenary import sitting_of
from judging.queries.practice import coming_stages
from judging.queries.timetable import RoomDay, by_room_and_day, own_lines
from judging.views.answers import overtaken
from judging.workflow import StageStatus
from kipp.lib import clock
from kipp.lib.numbers import hundredths
from kipp.lib.web import page_of, render_form, row_urls


def fetch_sheet(actor: Actor, pk: int) -> Assignment:
    """The judge's own sheet with what its page needs; anybody else's is a 404."""
    return existing(sheet_of(actor, pk))


def existing(sheet: Assignment | None) -> Assignment:
    if sheet is None:
        raise Http404
    return sheet


def open_sheet(actor: Actor, pk: int) -> Assignment:
    """A sheet whose entry may be read: declared, and free of conflict."""
    return readable(actor, fetch_sheet(actor, pk))


def readable(actor: Actor, assignment: Assignment) -> Assignment:
    """The sheet itself, if it comes from `sheet_of` and its entry may be read; or a 404."""
    is_barred = getattr(assignment, "is_barred", True)
    if is_barred or not may_judge(actor, SheetAction.READ, assignment):
        raise Http404
    return assignment


@require_safe
def desk(request: AuthedRequest) -> HttpResponse:
    rows = [
        (stage, clock.show_end(stage.round.ends_at, zone=stage.competition.time_zone))
        for stage in desk_stages(request.actor)
    ]
    context = {
        "rows": rows,
        "coming": coming_stages(request.actor),
        "offers": seats_to_answer(request.actor),
    }
    return render(request, "judging/desk.html", context)


@require_safe
def queue(request: AuthedRequest, pk: int) -> HttpResponse:
    stage = stage_read_by(request.actor, pk)
    if stage is None:
        raise Http404
    chosen = QueueFilter(request.GET)
    state = chosen.cleaned_data["keadaan"] if chosen.is_valid() else ""
    progress = progress_of(request.actor, stage)
    rows = queue_of(request.actor, stage, state=state)
    page = page_of(rows, request, count=None if state else progress.listed)
    is_first = not state and page.number == 1
    context = {
        "stage": stage,
        "can_score": may_score_offline(stage),
        "progress": progress,
        "page": page,
        "rows": lines_of(first_lines(request.actor, stage) if is_first else page),
        "filter": chosen,
        "query": f"keadaan={state}&" if state else "",
        "end_text": clock.show_end(stage.round.ends_at, zone=stage.competition.time_zone),
        "room_days": _times(request.actor, stage),
        "is_sitting": stage.status == StageStatus.CLOSED
        and sitting_of(request.actor, stage.pk) is not None,
    }
    return render(request, "judging/queue.html", context)


def _times(actor: Actor, stage: Stage) -> list[RoomDay]:
    if stage.kind != Stage.Kind.PRESENTATION:
        return []
    return by_room_and_day(own_lines(actor, stage), zone=stage.competition.time_zone)


def lines_of(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, object]]:
    """Plain texts, which templates show fastest; a recused sheet has no address."""
    labels = {state.value: str(state.label) for state in SheetState}
    sheet_url, shown = row_urls("judging:sheet"), hundredths()
    return [
        {
            "position": str(row["position"]),
            "title": row["title"],
            "unit": row["unit"],
            "url": "" if row["state"] == SheetState.RECUSED else sheet_url(row["pk"]),
            "label": labels[row["state"]],
            "tone": TONES[row["state"]],
            "comes_back": row["comes_back"],
            "total": "" if row["total"] is None else shown(row["total"]),
        }
        for row in rows
    ]


@require_http_methods(["GET", "POST"])
def declaration(request: AuthedRequest, pk: int) -> HttpResponse:
    """GET asks about a conflict; POST answers that there is none."""
    assignment = fetch_sheet(request.actor, pk)
    if request.method == "GET":
        if not may_judge(request.actor, SheetAction.DECLARE, assignment):
            raise Http404
        context = {"assignment": assignment, "form": ReasonForm()}
        return render(request, "judging/declaration.html", context)
    if not may_judge(request.actor, SheetAction.DECLARE, assignment):
        raise PermissionDenied
    try:
        services.declare_no_conflict(assignment, by=request.user, at=timezone.now())
    except ValidationError as error:
        return overtaken(request, error, back_url=_queue_url(assignment))
    return redirect("judging:sheet", pk=pk)


@require_POST
def recuse(request: AuthedRequest, pk: int) -> HttpResponse:
    assignment = fetch_sheet(request.actor, pk)
    if not may_judge(request.actor, SheetAction.DECLARE, assignment):
        raise PermissionDenied
    form = ReasonForm(request.POST)
    if not form.is_valid():
        context = {"assignment": assignment, "form": form}
        return render_form(request, "judging/declaration.html", context)
    try:
        services.declare_conflict(
            assignment, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()
        )
    except ValidationError as error:
        return overtaken(request, error, back_url=_queue_url(assignment))
    return redirect("judging:queue", pk=assignment.entry.stage_id)


def _queue_url(assignment: Assignment) -> str:
    return reverse("judging:queue", args=[assignment.entry.stage_id])
