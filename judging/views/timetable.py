"""The committee sets the timetable of a presentation stage up and drafts it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from competitions.forms import VersionForm
from competitions.requests import AuthedRequest
from judging import services
from judging.forms.timetable import (
    AbsenceForm,
    BaseDayFormSet,
    TeamWishForm,
    TimetableForm,
    day_formset,
)
from judging.models import Absence, Stage, Timetable, Wish
from judging.permissions import StageAction, allowed_actions
from judging.queries.timetable import by_room_and_day, judged_lines_of, left_over
from judging.views.answers import attempt, overtaken, status_of
from judging.views.stages import fetch_stage, require, stage_url
from kipp.lib.forms import add_error
from kipp.lib.web import OK, UNPROCESSABLE


def fetch_presentations(request: AuthedRequest, slug: str, key: str) -> Stage:
    """Stages of other kinds have no timetable."""
    stage = fetch_stage(request.actor, slug, key)
    if stage.kind != Stage.Kind.PRESENTATION:
        raise Http404
    return stage


def fetch_timetable(request: AuthedRequest, slug: str, key: str, action: StageAction) -> Timetable:
    stage = fetch_presentations(request, slug, key)
    require(request.actor, action, stage)
    rows = Timetable.objects.select_related("stage__competition", "stage__round")
    found: Timetable = get_object_or_404(rows, stage=stage)
    return found


def page_url(stage: Stage) -> str:
    return stage_url(stage, "timetable")


@require_safe
def page(request: AuthedRequest, slug: str, key: str) -> HttpResponse:
    stage = fetch_presentations(request, slug, key)
    return show_page(request, stage)


def show_page(
    request: AuthedRequest,
    stage: Stage,
    *,
    wish: TeamWishForm | None = None,
    absence: AbsenceForm | None = None,
    status: int = OK,
) -> HttpResponse:
    timetable = Timetable.objects.filter(stage=stage).select_related("stage__competition").first()
    lines = judged_lines_of(timetable) if timetable else []
    actions = allowed_actions(request.actor, stage)
    context = {
        "competition": stage.competition,
        "stage": stage,
        "timetable": timetable,
        "room_days": by_room_and_day(lines, zone=stage.competition.time_zone),
        "unmet": [line for line in lines if line.unmet],
        "left_over": left_over(timetable) if timetable and timetable.seed is not None else [],
        "wishes": Wish.objects.filter(entry__stage=stage).select_related("entry__proposal__unit"),
        "absences": Absence.objects.filter(panelist__stage=stage).select_related("panelist__user"),
        "wish_form": wish or TeamWishForm(stage=stage),
        "absence_form": absence or AbsenceForm(stage=stage),
        "actions": actions,
    }
    return render(request, "judging/timetable.html", context, status=status)


@require_http_methods(["GET", "POST"])
def setup(request: AuthedRequest, slug: str, key: str) -> HttpResponse:
    stage = fetch_presentations(request, slug, key)
    require(request.actor, StageAction.SCHEDULE, stage)
    timetable = Timetable.objects.filter(stage=stage).first()
    sent = request.POST or None
    form = TimetableForm(sent, initial=_initial(timetable))
    days = day_formset(stage, sent)
    status = OK
    if request.method == "POST":
        status = _save(request, stage, form, days)
        if status == OK:
            messages.success(request, _("Days and rooms are saved."))
            return redirect(page_url(stage))
    context = {"competition": stage.competition, "stage": stage, "form": form, "days": days}
    context |= {"has_errors": status != OK, "is_drafted": timetable and timetable.seed is not None}
    return render(request, "judging/timetable_setup.html", context, status=status)


def _initial(timetable: Timetable | None) -> dict[str, object]:
    if timetable is None:
        return {"slot_minutes": 20, "version": 0}
    names = ("slot_minutes", "rooms", "version")
    # As people write them and the form asks for them.
    pauses = [pause.replace(":", ".") for pause in timetable.pauses]
    return {name: getattr(timetable, name) for name in names} | {"pauses": pauses}


def _save(request: AuthedRequest, stage: Stage, form: TimetableForm, days: BaseDayFormSet) -> int:
    if not (form.is_valid() and days.is_valid()):
        return UNPROCESSABLE
    try:
        services.set_timetable(
            stage,
            frame=form.frame(days.spans(zone=stage.competition.time_zone)),
            version=form.cleaned_data["version"],
            by=request.user,
            at=timezone.now(),
        )
    except ValidationError as error:
        add_error(form, error)
        return status_of(error) if not hasattr(error, "error_dict") else UNPROCESSABLE
    return OK


@require_POST
def draft(request: AuthedRequest, slug: str, key: str) -> HttpResponse:
    timetable = fetch_timetable(request, slug, key, StageAction.SCHEDULE)
    form = VersionForm(request.POST)
    if not form.is_valid():
        return refuse_press(request, timetable.stage)
    try:
        services.draft_timetable(
            timetable, version=form.cleaned_data["version"], by=request.user, at=timezone.now()
        )
    except ValidationError as error:
        return overtaken(request, error, back_url=page_url(timetable.stage))
    messages.success(request, _("A draft is made. Nobody is told before the release."))
    return redirect(page_url(timetable.stage))


def refuse_press(request: AuthedRequest, stage: Stage) -> HttpResponse:
    context = {"back_url": page_url(stage)}
    return render(request, "errors/409.html", context, status=UNPROCESSABLE)


@require_POST
def add_wish(request: AuthedRequest, slug: str, key: str) -> HttpResponse:
    stage = fetch_timetable(request, slug, key, StageAction.SCHEDULE).stage
    form = TeamWishForm(request.POST, stage=stage)
    status = attempt(form, lambda: _add_wish(request, form))
    if status == OK:
        messages.success(request, _("The wish is noted. The next draft minds it."))
        return redirect(f"{page_url(stage)}#wishes")
    return show_page(request, stage, wish=form, status=status)


def _add_wish(request: AuthedRequest, form: TeamWishForm) -> None:
    entry = form.entries[form.cleaned_data["entry"]]
    services.add_wish(Wish(entry=entry, **form.facts()), by=request.user, at=timezone.now())


@require_POST
def remove_wish(request: AuthedRequest, slug: str, key: str, pk: int) -> HttpResponse:
    stage = fetch_timetable(request, slug, key, StageAction.SCHEDULE).stage
    wish = get_object_or_404(Wish.objects.select_related("entry__stage"), entry__stage=stage, pk=pk)
    try:
        services.remove_wish(wish, by=request.user, at=timezone.now())
    except ValidationError as error:
        return overtaken(request, error, back_url=page_url(stage))
    messages.success(request, _("Removed."))
    return redirect(f"{page_url(stage)}#wishes")


@require_POST
def add_absence(request: AuthedRequest, slug: str, key: str) -> HttpResponse:
    stage = fetch_timetable(request, slug, key, StageAction.SCHEDULE).stage
    form = AbsenceForm(request.POST, stage=stage)
    status = attempt(form, lambda: _add_absence(request, form, zone=stage.competition.time_zone))
    if status == OK:
        messages.success(request, _("The absence is noted. The next draft minds it."))
        return redirect(f"{page_url(stage)}#absences")
    return show_page(request, stage, absence=form, status=status)


def _add_absence(request: AuthedRequest, form: AbsenceForm, *, zone: str) -> None:
    span = form.span(zone=zone)
    panelist = form.panel[form.cleaned_data["panelist"]]
    absence = Absence(panelist=panelist, starts_at=span.starts, ends_at=span.ends)
    services.add_absence(absence, by=request.user, at=timezone.now())


@require_POST
def remove_absence(request: AuthedRequest, slug: str, key: str, pk: int) -> HttpResponse:
    stage = fetch_timetable(request, slug, key, StageAction.SCHEDULE).stage
    rows = Absence.objects.select_related("panelist__stage", "panelist__user")
    absence = get_object_or_404(rows, panelist__stage=stage, pk=pk)
    try:
        services.remove_absence(absence, by=request.user, at=timezone.now())
    except ValidationError as error:
        return overtaken(request, error, back_url=page_url(stage))
    messages.success(request, _("Removed."))
    return redirect(f"{page_url(stage)}#absences")
