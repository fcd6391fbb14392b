"""What a judge is told about the own scores, and nobody else."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from competitions.requests import AuthedRequest
from judging.exports import show_number
from judging.habits import hints_of
from judging.models import Stage
from judging.queries.habits import band_labels, count_rows, own_cards, spread_of


@require_safe
def own_scores(request: AuthedRequest, pk: int) -> HttpResponse:
    stage: Stage = get_object_or_404(
        Stage.objects.judged_by(request.actor).select_related("competition"), pk=pk
    )
    criteria = list(stage.criteria.filter(weight__gt=0))
    cards = own_cards(request.actor, stage, criteria)
    labels = {criterion.key: str(criterion) for criterion in criteria}
    context = {
        "stage": stage,
        "count": len(cards),
        "hints": hints_of(cards, scale=stage.scale, labels=labels),
        "spreads": spread_of(cards, criteria, scale=stage.scale),
        "low_text": show_number(stage.scale_min),
        "high_text": show_number(stage.scale_max),
        "bands": band_labels(stage.scale),
        "rows": count_rows(cards, criteria, scale=stage.scale),
    }
    return render(request, "judging/own_scores.html", context)
