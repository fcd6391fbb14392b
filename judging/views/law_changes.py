"""A law that changes while judges score: the chair's act, with its reason."""

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
from judging.forms.stage import LawChangeForm
from judging.permissions import StageAction
from judging.views.stages import fetch_stage, require, stage_url
from kipp.lib.web import UNPROCESSABLE


@require_http_methods(["GET", "POST"])
def change_law(request: AuthedRequest, slug: str, key: str) -> HttpResponse:
    stage = fetch_stage(request.actor, slug, key)
    require(request.actor, StageAction.CHANGE_LAW, stage)
    form = LawChangeForm(request.POST or None, instance=stage, initial={"version": stage.version})
    context = {"competition": stage.competition, "stage": stage, "form": form}
    if request.method == "GET" or not form.is_valid():
        status = 200 if request.method == "GET" else UNPROCESSABLE
        return render(request, "judging/law_change.html", context, status=status)
    typed = {"reason": form.cleaned_data["reason"], "version": form.cleaned_data["version"]}
    try:
        services.change_law(stage, law=form.law(), **typed, by=request.user, at=timezone.now())
    except ValidationError as error:
        form.add_error(None, error.messages)
        return render(request, "judging/law_change.html", context, status=UNPROCESSABLE)
    messages.success(request, _("The law is changed, announced, and the judges are told."))
    return redirect(stage_url(stage))
