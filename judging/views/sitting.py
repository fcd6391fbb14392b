"""The plenary on a judge's own screen: what is discussed, and when to leave the room."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from competitions.requests import AuthedRequest
from judging.queries.plenary import (
    barred_entries,
    current_item,
    items_of,
    seen_item,
    sitting_of,
)
from kipp.lib.web import page_of


@require_safe
def page(request: AuthedRequest, pk: int) -> HttpResponse:
    plenary = sitting_of(request.actor, pk)
    if plenary is None:
        raise Http404
    stage = plenary.ranking.stage
    barred = barred_entries(request.actor, stage)
    rows = page_of(items_of(plenary), request)
    current = current_item(plenary)
    context = {
        "stage": stage,
        "competition": stage.competition,
        "page": rows,
        "items": [seen_item(row, plenary=plenary, barred=barred) for row in rows],
        "current": current and seen_item(current, plenary=plenary, barred=barred),
        "at": timezone.now(),
    }
    return render(request, "judging/plenary_seat.html", context)
