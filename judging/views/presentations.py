"""Where and when: the team's own slot, and the board that everybody sees."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from competitions.middleware import shared_page
from competitions.models import Competition
from competitions.requests import AuthedRequest, Request
from judging import services
from judging.forms.timetable import WishForm
from judging.models import Entry, Slot, Timetable, Wish
from judging.queries.timetable import (
    Appearance,
    Line,
    appearances_of,
    by_room_and_day,
    lines_of,
    now_and_next,
)
from judging.views.answers import attempt, overtaken
from kipp.lib.calendars import Happening, write_calendar
from kipp.lib.web import OK
from proposals.models import Proposal
from proposals.permissions import Action, may

CALENDAR = "text/calendar; charset=utf-8"


def _fetch(request: AuthedRequest, pk: int, action: Action) -> Proposal:
    proposal = get_object_or_404(Proposal.objects.visible_to(request.actor).for_page(), pk=pk)
    if not may(request.actor, action, proposal):
        raise PermissionDenied
    return proposal


@require_safe
def own(request: AuthedRequest, pk: int) -> HttpResponse:
    return _own_page(request, _fetch(request, pk, Action.READ))


def _own_page(
    request: AuthedRequest, proposal: Proposal, *, form: WishForm | None = None, status: int = OK
) -> HttpResponse:
    context = {
        "proposal": proposal,
        "competition": proposal.competition,
        "appearances": appearances_of(proposal),
        "form": form or WishForm(),
        "can_wish": may(request.actor, Action.WRITE, proposal),
    }
    return render(request, "judging/appearance.html", context, status=status)


@require_POST
def wish(request: AuthedRequest, pk: int) -> HttpResponse:
    """The unit's own; the stage is the one whose timetable is being made."""
    proposal = _fetch(request, pk, Action.WRITE)
    entry = _awaiting(proposal)
    form = WishForm(request.POST)
    status = attempt(form, lambda: _add_wish(request, entry, form))
    if status == OK:
        messages.success(request, _("Your wish is noted. The committee minds it if it can."))
        return redirect("judging:appearance", pk)
    return _own_page(request, proposal, form=form, status=status)


def _add_wish(request: AuthedRequest, entry: Entry, form: WishForm) -> None:
    services.add_wish(Wish(entry=entry, **form.facts()), by=request.user, at=timezone.now())


@require_POST
def withdraw_wish(request: AuthedRequest, pk: int, number: int) -> HttpResponse:
    proposal = _fetch(request, pk, Action.WRITE)
    found = get_object_or_404(Wish, entry__proposal=proposal, pk=number)
    try:
        services.remove_wish(found, by=request.user, at=timezone.now())
    except ValidationError as error:
        return overtaken(request, error, back_url=reverse("judging:appearance", args=[pk]))
    return redirect("judging:appearance", pk)


def _awaiting(proposal: Proposal) -> Entry:
    open_one = next((each for each in appearances_of(proposal) if each.takes_wishes), None)
    if open_one is None:
        raise Http404
    return open_one.entry


@require_safe
def own_calendar(request: AuthedRequest, pk: int) -> HttpResponse:
    proposal = _fetch(request, pk, Action.READ)
    shown = [each for each in appearances_of(proposal) if each.line]
    if not shown:
        raise Http404
    events = [_happening(each) for each in shown]
    return _calendar(events, proposal.competition, name=f"jadwal-{proposal.pk}")


def _happening(appearance: Appearance) -> Happening:
    if appearance.line is None:
        raise Http404
    url = reverse("judging:appearance", args=[appearance.entry.proposal_id])
    return _event(appearance.line, appearance.timetable, url=url)


def _event(line: Line, timetable: Timetable, *, url: str) -> Happening:
    slot: Slot = line.slot
    return Happening(
        uid=f"entry-{slot.entry_id}@{urlsplit(settings.SITE_URL).hostname}",
        sequence=timetable.version,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        summary=f"{timetable.stage.name}: {line.title}",
        url=settings.SITE_URL + url,
        place=slot.room,
    )


def _calendar(events: list[Happening], competition: Competition, *, name: str) -> HttpResponse:
    content = write_calendar(
        events, name=competition.name, zone=competition.time_zone, at=timezone.now()
    )
    response = HttpResponse(content, content_type=CALENDAR)
    response["Content-Disposition"] = f'inline; filename="{name}.ics"'
    return response


@login_not_required
@require_safe
@shared_page
def board(request: Request, slug: str, key: str) -> HttpResponse:
    """Who presents now, for the corridor and for everybody at home."""
    timetable = _released(slug, key)
    lines = lines_of(timetable)
    competition = timetable.stage.competition
    context = {
        "competition": competition,
        "stage": timetable.stage,
        "rooms": now_and_next(lines),
        "room_days": by_room_and_day(lines, zone=competition.time_zone),
        "at": timezone.now(),
    }
    return render(request, "judging/board.html", context)


@login_not_required
@require_safe
def calendar(request: Request, slug: str, key: str) -> HttpResponse:
    timetable = _released(slug, key)
    url = reverse("judging:board", args=[slug, key])
    taken = [line for line in lines_of(timetable) if line.slot.entry_id]
    events = [_event(line, timetable, url=url) for line in taken]
    return _calendar(events, timetable.stage.competition, name=f"jadwal-{slug}-{key}")


def _released(slug: str, key: str) -> Timetable:
    public = Timetable.objects.filter(
        released_at__isnull=False,
        stage__competition__in=Competition.objects.published(),
        stage__competition__slug=slug,
        stage__key=key,
    )
    found: Timetable = get_object_or_404(public.select_related("stage__competition"))
    return found
