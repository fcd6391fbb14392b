"""The second look: what the declared rule picks, and the act that hands the readings out."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competitions.requests import AuthedRequest
from judging import charts, services
from judging.forms.stage import FillForm
from judging.models import Stage
from judging.permissions import StageAction
from judging.queries.results import shown_ranking
from judging.queries.second_look import plan_second_look
from judging.views.answers import overtaken
from judging.views.stages import fetch_stage, require, stage_url
from kipp.lib.web import UNPROCESSABLE


@require_http_methods(["GET", "POST"])
def second_look(request: AuthedRequest, slug: str, key: str) -> HttpResponse:
    stage = fetch_stage(request.actor, slug, key)
    require(request.actor, StageAction.SECOND_LOOK, stage)
    at, form = timezone.now(), FillForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        status = 200 if request.method == "GET" else UNPROCESSABLE
        context = _context(stage, at=at)
        return render(request, "judging/second_look.html", context, status=status)
    try:
        services.take_second_look(stage, **form.cleaned_data, by=request.user, at=at)
    except ValidationError as error:
        return overtaken(request, error, back_url=stage_url(stage, "second-look"))
    messages.success(request, _("The stage is open for the further readings. Judges are told."))
    return redirect(stage_url(stage))


def _context(stage: Stage, *, at: datetime) -> dict[str, object]:
    ranking = shown_ranking(stage)
    assert ranking is not None  # noqa: S101 - a closed stage has a ranking
    look = plan_second_look(stage, frozen=ranking, at=at)
    return {
        "competition": stage.competition,
        "stage": stage,
        "ranking": ranking,
        "look": look,
        "picked": charts.picked_rows(look),
        "loads": charts.load_bars(look),
        "problems": [_(each.sentence) for each in look.problems],
        "form": FillForm(initial={"fingerprint": look.filling.fingerprint}),
    }
