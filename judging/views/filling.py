"""Readings that fell free: what filling them would do, and the step that does it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competitions.requests import AuthedRequest
from judging import services
from judging.forms.stage import FillForm
from judging.permissions import StageAction
from judging.queries.filling import plan_filling
from judging.views.answers import overtaken
from judging.views.stages import fetch_stage, require, stage_url
from kipp.lib.web import UNPROCESSABLE


@require_http_methods(["GET", "POST"])
def fill(request: AuthedRequest, slug: str, key: str) -> HttpResponse:
    stage = fetch_stage(request.actor, slug, key)
    require(request.actor, StageAction.FILL, stage)
    at = timezone.now()
    form = FillForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        filling = plan_filling(stage, at=at)
        context = {
            "competition": stage.competition,
            "stage": stage,
            "filling": filling,
            "form": FillForm(initial={"fingerprint": filling.fingerprint}),
        }
        status = 200 if request.method == "GET" else UNPROCESSABLE
        return render(request, "judging/filling.html", context, status=status)
    try:
        services.fill_readings(stage, **form.cleaned_data, by=request.user, at=at)
    except ValidationError as error:
        return overtaken(request, error, back_url=stage_url(stage, "readings-fill"))
    messages.success(request, _("The readings are handed out. The judges are told by mail."))
    return redirect(stage_url(stage))
