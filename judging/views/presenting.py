"""A drafted timetable: swap, release, take back, print; on the day itself call the teams."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from competitions.forms import VersionForm
from competitions.requests import AuthedRequest
from judging import services
from judging.forms.timetable import RecallForm, SwapForm
from judging.models import Slot, Timetable
from judging.permissions import StageAction
from judging.queries.timetable import Effect, Line, by_room_and_day, lines_of, swap_effect
from judging.views.answers import attempt, overtaken
from judging.views.timetable import fetch_timetable, page_url, refuse_press
from judging.workflow import SlotStatus
from kipp.lib import clock
from kipp.lib.web import OK


@require_http_methods(["GET", "POST"])
def swap(request: AuthedRequest, slug: str, key: str) -> HttpResponse:
    """Two slots chosen in the address show what a swap would do; POST does it."""
    timetable = fetch_timetable(request, slug, key, StageAction.SCHEDULE)
    lines = _movable(timetable)
    asked = request.POST or ({**request.GET.dict(), "version": str(timetable.version)})
    is_asked = "second" in asked
    form = SwapForm(asked if is_asked else None, lines=lines, initial=asked)
    status = OK
    if request.method == "POST":
        status = attempt(form, lambda: _swap(request, timetable, form))
        if status == OK:
            messages.success(request, _("The teams have changed places."))
            return redirect(page_url(timetable.stage))
    context = {
        "competition": timetable.stage.competition,
        "stage": timetable.stage,
        "timetable": timetable,
        "form": form,
        **_shown(timetable, form),
    }
    return render(request, "judging/timetable_swap.html", context, status=status)


def _movable(timetable: Timetable) -> list[tuple[str, Line]]:
    zone = timetable.stage.competition.time_zone
    return [
        (_label(line, zone=zone), line)
        for line in lines_of(timetable)
        if line.slot.status == SlotStatus.WAITING
    ]


def _label(line: Line, *, zone: str) -> str:
    day = clock.show_date(line.slot.starts_at.astimezone(ZoneInfo(zone)).date())
    team = line.title or _("free")
    return f"{day}, {line.time}, {line.slot.room}: {team}"


def _shown(timetable: Timetable, form: SwapForm) -> dict[str, object]:
    """Both slots and the effect, once two are chosen."""
    if not form.is_valid():
        return {}
    first, second = form.chosen()
    effect: Effect = swap_effect(timetable, first.slot, second.slot)
    return {"first": first, "second": second, "effect": effect}


def _swap(request: AuthedRequest, timetable: Timetable, form: SwapForm) -> None:
    first, second = form.chosen()
    services.swap_slots(
        timetable,
        first=first.slot.pk,
        second=second.slot.pk,
        version=form.cleaned_data["version"],
        by=request.user,
        at=timezone.now(),
    )


@require_http_methods(["GET", "POST"])
def release(request: AuthedRequest, slug: str, key: str) -> HttpResponse:
    timetable = fetch_timetable(request, slug, key, StageAction.SCHEDULE)
    form = VersionForm(request.POST or None, initial={"version": timetable.version})
    status = OK
    if request.method == "POST":
        status = attempt(
            form,
            lambda: services.release_timetable(
                timetable,
                version=form.cleaned_data["version"],
                by=request.user,
                at=timezone.now(),
            ),
        )
        if status == OK:
            messages.success(request, _("The timetable is released. Teams and judges get a mail."))
            return redirect(page_url(timetable.stage))
    context = {
        "competition": timetable.stage.competition,
        "stage": timetable.stage,
        "form": form,
        "teams": timetable.slots.filter(entry__isnull=False).count(),
    }
    return render(request, "judging/timetable_release.html", context, status=status)


@require_http_methods(["GET", "POST"])
def recall(request: AuthedRequest, slug: str, key: str) -> HttpResponse:
    timetable = fetch_timetable(request, slug, key, StageAction.SCHEDULE)
    form = RecallForm(request.POST or None, initial={"version": timetable.version})
    status = OK
    if request.method == "POST":
        status = attempt(form, lambda: _recall(request, timetable, form))
        if status == OK:
            messages.success(request, _("The timetable is a draft again. Everybody gets a mail."))
            return redirect(page_url(timetable.stage))
    context = {"competition": timetable.stage.competition, "stage": timetable.stage, "form": form}
    return render(request, "judging/timetable_recall.html", context, status=status)


def _recall(request: AuthedRequest, timetable: Timetable, form: RecallForm) -> None:
    services.recall_timetable(
        timetable,
        reason=form.cleaned_data["reason"],
        version=form.cleaned_data["version"],
        by=request.user,
        at=timezone.now(),
    )


@require_safe
def paper(request: AuthedRequest, slug: str, key: str) -> HttpResponse:
    """One sheet per day and room, for the door and the table."""
    timetable = fetch_timetable(request, slug, key, StageAction.VIEW)
    competition = timetable.stage.competition
    context = {
        "competition": competition,
        "stage": timetable.stage,
        "timetable": timetable,
        "room_days": by_room_and_day(lines_of(timetable), zone=competition.time_zone),
    }
    return render(request, "judging/timetable_paper.html", context)


class SlotVerb(Protocol):
    def __call__(self, slot: Slot, *, version: int, by: User, at: datetime) -> None: ...


@require_POST
def call(request: AuthedRequest, slug: str, key: str, pk: int) -> HttpResponse:
    return _move(request, slug, key, pk, verb=services.call_team)


@require_POST
def finish(request: AuthedRequest, slug: str, key: str, pk: int) -> HttpResponse:
    return _move(request, slug, key, pk, verb=services.finish_team)


@require_POST
def skip(request: AuthedRequest, slug: str, key: str, pk: int) -> HttpResponse:
    return _move(request, slug, key, pk, verb=services.skip_team)


def _move(request: AuthedRequest, slug: str, key: str, pk: int, *, verb: SlotVerb) -> HttpResponse:
    timetable = fetch_timetable(request, slug, key, StageAction.CALL)
    slot = get_object_or_404(Slot, timetable=timetable, pk=pk)
    form = VersionForm(request.POST)
    if not form.is_valid():
        return refuse_press(request, timetable.stage)
    try:
        verb(slot, version=form.cleaned_data["version"], by=request.user, at=timezone.now())
    except ValidationError as error:
        return overtaken(request, error, back_url=page_url(timetable.stage))
    return redirect(f"{page_url(timetable.stage)}#slot-{slot.pk}")
