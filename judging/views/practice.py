"""Test mode: the judge's pages with a made-up proposal. No verb of the services is called here.

Nothing may be kept, so a POST cannot lead to a page that knows of it: it answers with that page.
"""

from __future__ import annotations

from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from competitions.requests import AuthedRequest
from judging.forms.scorecard import VALUE, ReasonForm, ScorecardForm
from judging.models import Stage
from judging.queries.law import law_of
from judging.queries.practice import practice_stages, sample_reading
from judging.ranking import RuleError
from judging.ranking.scores import card_total
from kipp.lib.web import render_form


def fetch_practice(request: AuthedRequest, pk: int) -> Stage:
    stages = practice_stages(request.actor).select_related("competition")
    found: Stage = get_object_or_404(stages.prefetch_related("criteria"), pk=pk)
    return found


@require_http_methods(["GET", "POST"])
def declaration(request: AuthedRequest, pk: int) -> HttpResponse:
    """POST says that there is no conflict and goes on."""
    stage = fetch_practice(request, pk)
    if request.method == "POST":
        return redirect("judging:practice-sheet", pk=pk)
    reading = sample_reading(stage, criteria=[])
    context = {"stage": stage, "reading": reading, "form": ReasonForm()}
    return render(request, "judging/practice.html", context)


@require_POST
def recuse(request: AuthedRequest, pk: int) -> HttpResponse:
    stage = fetch_practice(request, pk)
    form = ReasonForm(request.POST)
    context = {"stage": stage, "reading": sample_reading(stage, criteria=[]), "form": form}
    if not form.is_valid():
        return render_form(request, "judging/practice.html", context)
    return render(request, "judging/practice_done.html", {"stage": stage, "is_recused": True})


@require_http_methods(["GET", "POST"])
def sheet(request: AuthedRequest, pk: int) -> HttpResponse:
    """GET shows the empty scorecard; POST answers as a save would."""
    stage = fetch_practice(request, pk)
    form = ScorecardForm(request.POST or None, stage=stage, initial={"version": 1})
    return _show(request, stage, form, is_saved=form.is_bound and form.is_valid())


@require_POST
def submit(request: AuthedRequest, pk: int) -> HttpResponse:
    """Answers as handing in would, with the total by the stage's law."""
    stage = fetch_practice(request, pk)
    form = ScorecardForm(request.POST, stage=stage)
    if not form.is_valid():
        return _show(request, stage, form, is_saved=False)
    card = {key: value for key, value in form.sheet().values.items() if value is not None}
    gaps = [each for each in form.criteria if each.weight > 0 and each.key not in card]
    for each in gaps:
        form.add_error(VALUE + each.key, _("Give a value before you submit."))
    if gaps:
        return _show(request, stage, form, is_saved=False)
    context = {"stage": stage, "total": _total(stage, card), "rows": form.rows}
    return render(request, "judging/practice_done.html", context)


def _total(stage: Stage, card: dict[str, Decimal]) -> Decimal | None:
    """None while the law is still being written."""
    try:
        law = law_of(stage)
    except RuleError:
        return None
    return card_total(law.weights, card)


def _show(
    request: AuthedRequest, stage: Stage, form: ScorecardForm, *, is_saved: bool
) -> HttpResponse:
    reading = sample_reading(stage, criteria=list(form.criteria))
    context = {"stage": stage, "reading": reading, "form": form, "is_saved": is_saved}
    return render_form(request, "judging/practice_sheet.html", context)
