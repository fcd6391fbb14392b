"""A conflict that was only a name, looked at by the committee."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competitions.requests import AuthedRequest
from judging import services
from judging.forms.scorecard import ReasonForm
from judging.models import Panelist, Stage
from judging.permissions import StageAction
from judging.queries.conflicts import dismissals_in, find_conflicts
from judging.queries.planning import submissions_in
from judging.views.answers import sentence_of, status_of
from judging.views.stages import fetch_stage, require, stage_url
from kipp.lib.web import render_form, sent_in
from proposals.models import Submission


@require_http_methods(["GET", "POST"])
def dismiss(request: AuthedRequest, slug: str, key: str, pk: int, receipt: str) -> HttpResponse:
    stage = fetch_stage(request.actor, slug, key)
    require(request.actor, StageAction.ASSIGN, stage)
    panelist = get_object_or_404(Panelist.objects.select_related("user"), stage=stage, pk=pk)
    submission = _submission(stage, receipt)
    found = next(iter(find_conflicts([panelist], [submission], at=timezone.now())), None)
    form = ReasonForm(sent_in(request)[0])
    context = {"competition": stage.competition, "stage": stage, "found": found, "form": form}
    if request.method == "GET" and (found is None or not found.is_namesake):
        raise Http404
    if request.method == "GET" or not form.is_valid():
        return render_form(request, "judging/namesake.html", context)
    pair = {"panelist": panelist, "submission": submission, **form.cleaned_data}
    try:
        services.dismiss_namesake(stage, **pair, by=request.user, at=timezone.now())
    except ValidationError as error:
        form.add_error(None, sentence_of(error))
        return render(request, "judging/namesake.html", context, status=status_of(error))
    messages.success(request, _("The two are no longer kept apart by the name."))
    return redirect(stage_url(stage, "conflict-list"))


@require_http_methods(["GET", "POST"])
def restore(request: AuthedRequest, slug: str, key: str, pk: int, receipt: str) -> HttpResponse:
    """Undo it, with a reason of its own."""
    stage = fetch_stage(request.actor, slug, key)
    require(request.actor, StageAction.ASSIGN, stage)
    panelist = get_object_or_404(Panelist.objects.select_related("user"), stage=stage, pk=pk)
    submission = _submission(stage, receipt)
    rows = dismissals_in(stage).filter(user=panelist.user_id, proposal=submission.proposal_id)
    dismissed = rows.first()
    form = ReasonForm(sent_in(request)[0])
    context = {"competition": stage.competition, "stage": stage, "row": dismissed, "form": form}
    if request.method == "GET" and dismissed is None:
        raise Http404
    if request.method == "GET" or not form.is_valid():
        return render_form(request, "judging/namesake_restore.html", context)
    pair = {"panelist": panelist, "submission": submission, **form.cleaned_data}
    try:
        services.restore_namesake(stage, **pair, by=request.user, at=timezone.now())
    except ValidationError as error:
        form.add_error(None, sentence_of(error))
        template = "judging/namesake_restore.html"
        return render(request, template, context, status=status_of(error))
    messages.success(request, _("The name keeps the two apart again."))
    return redirect(stage_url(stage, "conflict-list"))


def _submission(stage: Stage, receipt: str) -> Submission:
    found: Submission = get_object_or_404(submissions_in(stage), receipt=receipt)
    return found
