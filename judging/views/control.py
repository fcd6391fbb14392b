"""The control room: what the frozen scores say about judges and chance, after the close."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from competitions.requests import AuthedRequest
from judging import charts
from judging.law_words import gate_sentences
from judging.models import Entry
from judging.permissions import StageAction
from judging.queries.control import control_of
from judging.queries.results import shown_ranking
from judging.queries.scorecards import cards_of
from judging.views.stages import fetch_stage, require


@require_safe
def control_room(request: AuthedRequest, slug: str, key: str) -> HttpResponse:
    stage = fetch_stage(request.actor, slug, key)
    require(request.actor, StageAction.SEE_RESULTS, stage)
    ranking = shown_ranking(stage)
    assert ranking is not None  # noqa: S101 - a closed stage has a ranking
    control = control_of(ranking)
    context = {
        "competition": stage.competition,
        "stage": stage,
        "ranking": ranking,
        "control": control,
        "spreads": charts.spread_chart(control),
        "spread_rows": charts.spread_rows(control),
        "severities": charts.severity_chart(control),
        "refusals": gate_sentences(control.refusals),
        "agreements": charts.agreement_rows(control),
        "chances": charts.chance_chart(control),
        "compared": charts.compared_rows(control),
        "spread_points": control.price and charts.number(float(control.price.points)),
        "disagreements": charts.disagreement_rows(control),
    }
    return render(request, "judging/control.html", context)


@require_safe
def scorecards(request: AuthedRequest, slug: str, key: str, pk: int) -> HttpResponse:
    stage = fetch_stage(request.actor, slug, key)
    require(request.actor, StageAction.SEE_RESULTS, stage)
    entries = Entry.objects.select_related("stage", "proposal__unit").filter(stage=stage)
    entry = get_object_or_404(entries, pk=pk)
    context = {
        "competition": stage.competition,
        "stage": stage,
        "entry": entry,
        "cards": cards_of(entry),
    }
    return render(request, "judging/scorecards.html", context)
