"""The robustness sheet: asked for by a press, computed by a worker, shown as it grows."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from competitions.requests import AuthedRequest
from judging.permissions import StageAction
from judging.queries.results import shown_ranking
from judging.queries.robustness import asked_robustness, sheet_of
from judging.services import ask_robustness
from judging.views.stages import fetch_stage, require, stage_url

# Seconds until the page of a sheet in the making asks again, by itself and without a script.
AGAIN = "3"


@require_http_methods(["GET", "POST"])
def robustness(request: AuthedRequest, slug: str, key: str) -> HttpResponse:
    stage = fetch_stage(request.actor, slug, key)
    is_asked = request.method == "POST"
    require(request.actor, StageAction.MINUTE if is_asked else StageAction.SEE_RESULTS, stage)
    ranking = shown_ranking(stage)
    assert ranking is not None  # noqa: S101 - a closed stage has a ranking
    if is_asked:
        ask_robustness(ranking, by=request.user, at=timezone.now())
        return redirect(stage_url(stage, "robustness"))
    row = asked_robustness(ranking)
    is_done = row is not None and row.finished_at is not None
    context = {
        "competition": stage.competition,
        "stage": stage,
        "ranking": ranking,
        "row": row,
        "sheet": sheet_of(row, ranking=ranking) if row and is_done else None,
    }
    response = render(request, "judging/robustness.html", context)
    if row and not is_done:
        response.headers["Refresh"] = AGAIN
    return response
