"""The end of a stage: close, look at the frozen results, open again."""

from __future__ import annotations

from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.takeaway import by_worker, is_for_worker
from competitions.requests import AuthedRequest
from judging import exports, services
from judging.forms.scorecard import ReasonForm
from judging.forms.stage import CloseForm
from judging.forms.voting import VoteForm
from judging.jobs import JOBS, RESULTS
from judging.models import Stage
from judging.permissions import StageAction, allowed_actions
from judging.queries.committee import open_sheet_count
from judging.queries.results import Results, results_of
from judging.queries.voting import open_ties
from judging.views.answers import fresh_login, overtaken, sentence_of, status_of
from judging.views.stages import fetch_stage, require, stage_url
from kipp.lib import charts, clock
from kipp.lib.web import attached_privately, render_form

# Scores are shown with two decimals everywhere.
SHOWN = Decimal("0.01")


@require_http_methods(["GET", "POST"])
def close(request: AuthedRequest, slug: str, key: str) -> HttpResponse:
    """The page says how many scorecards are missing; the form carries that number back."""
    stage = fetch_stage(request.actor, slug, key)
    require(request.actor, StageAction.CLOSE, stage)
    return _close(request, stage)


@fresh_login
def _close(request: AuthedRequest, stage: Stage) -> HttpResponse:
    form = CloseForm(request.POST or None, initial={"missing": open_sheet_count(stage)})
    if request.method == "GET" or not form.is_valid():
        return _close_page(request, stage, form)
    missing = form.cleaned_data["missing"]
    try:
        services.close_stage(stage, missing_accepted=missing, by=request.user, at=timezone.now())
    except ValidationError as error:
        again = CloseForm(initial={"missing": open_sheet_count(stage)})
        return _close_page(
            request, stage, again, sentence=sentence_of(error), status=status_of(error)
        )
    messages.success(request, _("The stage is closed and the ranking is frozen."))
    return redirect(stage_url(stage, "results"))


def _close_page(
    request: AuthedRequest, stage: Stage, form: CloseForm, *, sentence: str = "", status: int = 0
) -> HttpResponse:
    context = {
        "competition": stage.competition,
        "stage": stage,
        "form": form,
        "sentence": sentence,
        "missing": open_sheet_count(stage),
    }
    response = render_form(request, "judging/close.html", context)
    response.status_code = status or response.status_code
    return response


@require_http_methods(["GET", "POST"])
def reopen(request: AuthedRequest, slug: str, key: str) -> HttpResponse:
    stage = fetch_stage(request.actor, slug, key)
    require(request.actor, StageAction.REOPEN, stage)
    form = ReasonForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        context = {"competition": stage.competition, "stage": stage, "form": form}
        return render_form(request, "judging/reopen.html", context)
    try:
        services.reopen_stage(
            stage, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()
        )
    except ValidationError as error:
        return overtaken(request, error, back_url=stage_url(stage))
    messages.success(request, _("The stage is open again. The judges are told by mail."))
    return redirect(stage_url(stage))


@require_http_methods(["GET", "POST"])
def vote(request: AuthedRequest, slug: str, key: str) -> HttpResponse:
    """The panel's order of the entries that stay tied at a line; there is no page without any."""
    stage = fetch_stage(request.actor, slug, key)
    require(request.actor, StageAction.VOTE, stage)
    ranking = _frozen(request, stage).ranking
    groups = open_ties(ranking)
    if not groups:
        raise Http404
    form = VoteForm(request.POST or None, groups=groups, initial={"version": ranking.version})
    context = {"competition": stage.competition, "stage": stage, "form": form, "groups": groups}
    if request.method == "GET" or not form.is_valid():
        return render_form(request, "judging/vote.html", context)
    typed = {"reason": form.cleaned_data["reason"], "version": form.cleaned_data["version"]}
    try:
        services.record_panel_vote(
            stage, orders=form.orders(), **typed, by=request.user, at=timezone.now()
        )
    except ValidationError as error:
        form.add_error(None, sentence_of(error))
        return render(request, "judging/vote.html", context, status=status_of(error))
    messages.success(request, _("The vote is recorded and the ranking is frozen anew."))
    return redirect(stage_url(stage, "results"))


@require_safe
def results(request: AuthedRequest, slug: str, key: str) -> HttpResponse:
    stage = fetch_stage(request.actor, slug, key)
    found = _frozen(request, stage)
    zone = stage.competition.time_zone
    actions = allowed_actions(request.actor, stage)
    context = {
        "competition": stage.competition,
        "stage": stage,
        "results": found,
        "is_tied": StageAction.PROPOSE in actions and bool(open_ties(found.ranking)),
        "spread": _spread(stage, found),
        "actions": actions,
        "frozen_text": clock.show_moment(found.ranking.frozen_at, zone=zone),
    }
    return render(request, "judging/results.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def results_file(request: AuthedRequest, slug: str, key: str, form: str) -> HttpResponse:
    stage = fetch_stage(request.actor, slug, key)
    found = _frozen(request, stage)
    if is_for_worker(request, cells=len(found.lines) * len(exports.result_head(found))):
        return by_worker(
            request,
            RESULTS,
            {"stage": stage.pk, "form": form},
            kinds=JOBS,
            about=f"{stage} ({form.upper()})",
            edition=stage.competition_id,
            by=request.user,
            at=timezone.now(),
        )
    pieces = exports.results_file(found, form=form)
    response = HttpResponse(pieces, content_type=exports.MEDIA_TYPES[form])
    return attached_privately(response, name=exports.results_name(stage, form=form))


def _frozen(request: AuthedRequest, stage: Stage) -> Results:
    """The frozen results; before the close they are forbidden and would not be found either."""
    require(request.actor, StageAction.SEE_RESULTS, stage)
    found = results_of(stage)
    assert found is not None  # noqa: S101 - a closed stage has a ranking
    return found


def _spread(stage: Stage, found: Results) -> list[charts.Spread]:
    rows = [
        (line.title, [total for total in line.totals if total is not None], line.stage_score)
        for line in found.lines
        if line.stage_score is not None
    ]
    return charts.spread(
        [
            (title, [total.quantize(SHOWN) for total in totals], mean.quantize(SHOWN))
            for title, totals, mean in rows
        ],
        low=stage.scale_min,
        high=stage.scale_max,
    )
