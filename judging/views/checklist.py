"""The committee writes the checklist of a field verification and follows the visits."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from competitions.requests import AuthedRequest
from judging import services
from judging.forms.visit import ChecklistForm
from judging.models import Question, Stage
from judging.permissions import StageAction, may
from judging.queries.visits import visits_of
from judging.views.answers import attempt
from judging.views.stages import fetch_stage, require, stage_url
from kipp.lib.web import OK


def fetch_field_stage(request: AuthedRequest, slug: str, key: str) -> Stage:
    stage = fetch_stage(request.actor, slug, key)
    if stage.kind != Stage.Kind.FIELD:
        raise Http404
    return stage


@require_safe
def visit_list(request: AuthedRequest, slug: str, key: str) -> HttpResponse:
    stage = fetch_field_stage(request, slug, key)
    context = {
        "competition": stage.competition,
        "stage": stage,
        "entries": visits_of(stage),
        "questions": Question.objects.filter(stage=stage),
        "can_edit": may(request.actor, StageAction.SET_UP, stage),
    }
    return render(request, "judging/visits.html", context)


@require_http_methods(["GET", "POST"])
def checklist(request: AuthedRequest, slug: str, key: str) -> HttpResponse:
    stage = fetch_field_stage(request, slug, key)
    require(request.actor, StageAction.SET_UP, stage)
    labels = list(Question.objects.filter(stage=stage).values_list("label", flat=True))
    form = ChecklistForm(
        request.POST or None, initial={"questions": labels, "version": stage.version}
    )
    status = OK
    if request.method == "POST":
        status = attempt(form, lambda: _save(request, stage, form))
        if status == OK:
            messages.success(request, _("The checklist is saved."))
            return redirect(stage_url(stage, "visit-list"))
    context = {"competition": stage.competition, "stage": stage, "form": form}
    return render(request, "judging/checklist.html", context, status=status)


def _save(request: AuthedRequest, stage: Stage, form: ChecklistForm) -> None:
    services.set_questions(
        stage,
        labels=form.cleaned_data["questions"],
        version=form.cleaned_data["version"],
        by=request.user,
        at=timezone.now(),
    )
