"""Setting a stage up: the law, the panel, and the step that opens it."""

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
from judging.forms.stage import (
    BaseCriterionFormSet,
    StageForm,
    criterion_formset,
)
from judging.permissions import StageAction
from judging.queries.opening import plan_opening
from judging.services.locks import refusal
from judging.views.answers import overtaken, sentence_of, status_of
from judging.views.stages import fetch_stage, require, stage_url
from kipp.lib.web import UNPROCESSABLE


@require_http_methods(["GET", "POST"])
def setup(request: AuthedRequest, slug: str, key: str) -> HttpResponse:
    """Edit law and rubric while nothing has opened."""
    stage = fetch_stage(request.actor, slug, key)
    require(request.actor, StageAction.SET_UP, stage)
    sent = request.POST or None
    form = StageForm(sent, instance=stage, initial={"version": stage.version})
    criteria = criterion_formset(stage, sent)
    context = {"competition": stage.competition, "stage": stage, "form": form, "rows": criteria}
    if request.method == "GET":
        return render(request, "judging/setup.html", context)
    status = UNPROCESSABLE
    if form.is_valid() and criteria.is_valid():
        try:
            _save(request, form, criteria, slug=slug, key=key)
        except ValidationError as error:
            form.add_error(None, sentence_of(error))
            status = status_of(error)
        else:
            messages.success(request, _("The law is saved."))
            return redirect(stage_url(stage))
    return render(request, "judging/setup.html", {**context, "has_errors": True}, status=status)


def _save(
    request: AuthedRequest, form: StageForm, criteria: BaseCriterionFormSet, *, slug: str, key: str
) -> None:
    """The form has changed its own copy of the stage; the service reads and guards the row."""
    services.change_stage(
        fetch_stage(request.actor, slug, key),
        law=form.law(),
        criteria=criteria.terms(),
        version=form.cleaned_data["version"],
        by=request.user,
        at=timezone.now(),
    )


@require_http_methods(["GET", "POST"])
def open_stage(request: AuthedRequest, slug: str, key: str) -> HttpResponse:
    """GET previews entries, conflicts and loads; POST opens."""
    stage = fetch_stage(request.actor, slug, key)
    require(request.actor, StageAction.OPEN, stage)
    at = timezone.now()
    if request.method == "GET":
        opening = plan_opening(stage, at=at, seed=0)
        problems = [sentence_of(refusal(problem)) for problem in opening.problems]
        context = {
            "competition": stage.competition,
            "stage": stage,
            "opening": opening,
            "problems": problems,
        }
        return render(request, "judging/opening.html", context)
    try:
        services.open_stage(stage, by=request.user, at=at)
    except ValidationError as error:
        return overtaken(request, error, back_url=stage_url(stage, "stage-open"))
    messages.success(request, _("The stage is open. The judges are told by mail."))
    return redirect(stage_url(stage))
