"""Seats and panels: the committee invites and relieves, a judge answers."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from competitions.requests import AuthedRequest
from competitions.roles import Actor
from judging import services
from judging.forms.scorecard import ReasonForm
from judging.forms.seating import AnswerForm, DeclineForm, PanelForm, SeatForm
from judging.models import Panel, Panelist
from judging.panels import PanelKind, kinds_for
from judging.permissions import StageAction
from judging.queries.desk import seats_to_answer
from judging.views.answers import overtaken, status_of
from judging.views.stages import fetch_stage, require, stage_url
from kipp.lib.forms import add_error
from kipp.lib.web import UNPROCESSABLE, render_form


@require_http_methods(["GET", "POST"])
def seat(request: AuthedRequest, slug: str, key: str) -> HttpResponse:
    stage = fetch_stage(request.actor, slug, key)
    require(request.actor, StageAction.SET_UP, stage)
    form = SeatForm(request.POST or None, stage_kind=stage.kind)
    if form.is_valid():
        try:
            services.invite_panelist(stage, **form.cleaned_data, by=request.user, at=timezone.now())
        except ValidationError as error:
            add_error(form, error)
        else:
            messages.success(request, _("%(email)s is invited.") % form.cleaned_data)
            return redirect(stage_url(stage))
    context = {"competition": stage.competition, "stage": stage, "form": form}
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "judging/seat.html", context, status=status)


@require_POST
def unseat(request: AuthedRequest, slug: str, key: str, pk: int) -> HttpResponse:
    stage = fetch_stage(request.actor, slug, key)
    require(request.actor, StageAction.SET_UP, stage)
    panelist = get_object_or_404(stage.panel.select_related("user", "stage"), pk=pk)
    try:
        services.unseat_panelist(panelist, by=request.user, at=timezone.now())
    except ValidationError as error:
        return overtaken(request, error, back_url=stage_url(stage))
    messages.success(request, _("%(name)s is no longer on the panel.") % {"name": panelist.user})
    return redirect(stage_url(stage))


@require_http_methods(["GET", "POST"])
def relieve(request: AuthedRequest, slug: str, key: str, pk: int) -> HttpResponse:
    """GET says what happens to the scorecards; POST takes the judge off the panel."""
    stage = fetch_stage(request.actor, slug, key)
    require(request.actor, StageAction.RELIEVE, stage)
    panelist = get_object_or_404(stage.panel.select_related("user", "stage"), pk=pk)
    form = ReasonForm(request.POST or None)
    if not form.is_valid():
        context = {"competition": stage.competition, "stage": stage, "panelist": panelist}
        return render_form(request, "judging/relieve.html", {**context, "form": form})
    try:
        free = services.relieve_panelist(
            panelist, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()
        )
    except ValidationError as error:
        return overtaken(request, error, back_url=stage_url(stage))
    told = ngettext("%(count)s scorecard is free.", "%(count)s scorecards are free.", free)
    messages.success(request, told % {"count": free})
    return redirect(stage_url(stage, "draft-list"))


@require_http_methods(["GET", "POST"])
def panel(request: AuthedRequest, slug: str, key: str, kind: str) -> HttpResponse:
    """GET asks how the stage uses the judges of this kind; POST keeps it."""
    stage = fetch_stage(request.actor, slug, key)
    require(request.actor, StageAction.SET_UP, stage)
    if kind not in kinds_for(stage.kind):
        raise Http404
    found = Panel.objects.filter(stage=stage, kind=kind).first()
    form = PanelForm(request.POST or None, instance=found or Panel(stage=stage, kind=kind))
    if form.is_valid():
        try:
            services.set_up_panel(
                stage, kind=kind, **form.cleaned_data, by=request.user, at=timezone.now()
            )
        except ValidationError as error:
            add_error(form, error)
        else:
            messages.success(request, _("The panel is set up."))
            return redirect(stage_url(stage))
    label = PanelKind(kind).label
    context = {"competition": stage.competition, "stage": stage, "form": form, "label": label}
    return render_form(request, "judging/panel.html", {**context, "is_kept": found is not None})


@require_POST
def remove_panel(request: AuthedRequest, slug: str, key: str, kind: str) -> HttpResponse:
    stage = fetch_stage(request.actor, slug, key)
    require(request.actor, StageAction.SET_UP, stage)
    found = get_object_or_404(Panel.objects.select_related("stage"), stage=stage, kind=kind)
    try:
        services.remove_panel(found, by=request.user, at=timezone.now())
    except ValidationError as error:
        return overtaken(request, error, back_url=stage_url(stage))
    messages.success(request, _("Removed."))
    return redirect(stage_url(stage))


def fetch_seat(actor: Actor, pk: int) -> Panelist:
    found: Panelist = get_object_or_404(seats_to_answer(actor), pk=pk)
    return found


@require_http_methods(["GET", "POST"])
def answer(request: AuthedRequest, pk: int) -> HttpResponse:
    """GET asks the invited judge; POST accepts, or changes what was answered."""
    found, at = fetch_seat(request.actor, pk), timezone.now()
    offered = fetch_seat(request.actor, pk)
    form = AnswerForm(request.POST or None, instance=found, at=at)
    status = UNPROCESSABLE if request.method == "POST" else 200
    if form.is_valid():
        try:
            services.accept_seat(offered, **form.answers(), by=request.user, at=at)
        except ValidationError as error:
            add_error(form, error)
            status = status_of(error)
        else:
            messages.success(request, _("Thank you. The committee knows your answer."))
            return redirect("judging:desk")
    decline = DeclineForm(initial={"version": offered.version})
    context = {"panelist": offered, "form": form, "decline": decline}
    return render(request, "judging/answer.html", context, status=status)


@require_POST
def decline(request: AuthedRequest, pk: int) -> HttpResponse:
    found = fetch_seat(request.actor, pk)
    sent = DeclineForm(request.POST)
    if not sent.is_valid():
        form = AnswerForm(instance=found, at=timezone.now())
        context = {"panelist": found, "form": form, "decline": sent}
        return render(request, "judging/answer.html", context, status=UNPROCESSABLE)
    try:
        services.decline_seat(found, **sent.cleaned_data, by=request.user, at=timezone.now())
    except ValidationError as error:
        return overtaken(request, error, back_url=reverse("judging:desk"))
    messages.success(request, _("The committee knows that you decline."))
    return redirect("judging:desk")
