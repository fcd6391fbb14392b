"""The robustness sheet: asked for by a press, shown once a worker has computed it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.services import ask_job
from competitions.requests import AuthedRequest
from judging.jobs import ROBUSTNESS
from judging.permissions import StageAction, may
from judging.queries.results import shown_ranking
from judging.queries.robustness import robustness_of, sheet_of
from judging.views.stages import fetch_stage, require


@require_http_methods(["GET", "POST"])
def robustness(request: AuthedRequest, slug: str, key: str) -> HttpResponse:
    stage = fetch_stage(request.actor, slug, key)
    is_asked = request.method == "POST"
    require(request.actor, StageAction.MINUTE if is_asked else StageAction.SEE_RESULTS, stage)
    ranking = shown_ranking(stage)
    assert ranking is not None  # noqa: S101 - a closed stage has a ranking
    if is_asked:
        job = ask_job(
            ROBUSTNESS,
            {"ranking": ranking.pk},
            about=f"{stage.competition.name}, {stage.name}",
            edition=stage.competition_id,
            by=request.user,
            at=timezone.now(),
        )
        return redirect("job", pk=job.pk)
    row = robustness_of(ranking)
    context = {
        "competition": stage.competition,
        "stage": stage,
        "ranking": ranking,
        "sheet": sheet_of(row, ranking=ranking) if row else None,
        "may_ask": may(request.actor, StageAction.MINUTE, stage),
    }
    return render(request, "judging/robustness.html", context)
