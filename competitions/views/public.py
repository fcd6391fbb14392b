"""Pages that everybody reads without logging in."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from competitions import exports, queries
from competitions.middleware import shared_page
from competitions.models import Competition
from competitions.permissions import Action, allowed_actions
from competitions.requests import Request
from kipp.lib.contact import Contact
from kipp.lib.markdown import render_chapters


@login_not_required
@require_safe
@shared_page
def competition_page(request: Request, slug: str) -> HttpResponse:
    at = timezone.now()
    competition = queries.competition_called(slug)
    if competition is None or not competition.is_visible_to(request.actor):
        raise Http404
    schedule = queries.schedule_of(competition, at=at)
    preamble, chapters = render_chapters(competition.guidelines)
    context = {
        "competition": competition,
        "schedule": schedule,
        "preamble": preamble,
        "chapters": chapters,
        "announcements": queries.announcements_of(competition),
        "forms": queries.forms_of(competition),
        "tiers": queries.tiers_of(competition),
        "categories": queries.categories_of(competition),
        "workshops": queries.workshop_boxes(competition, schedule=schedule),
        "contact": Contact(
            competition.contact_name, competition.contact_email, competition.contact_phone
        ),
        "can_set_up": Action.VIEW_SETUP in allowed_actions(request.actor, competition),
        "at": at,
    }
    return render(request, "competitions/competition.html", context)


@login_not_required
@require_safe
def calendar(request: Request, slug: str) -> HttpResponse:
    visible = queries.with_rounds(Competition.objects.visible_to(request.actor))
    competition = get_object_or_404(visible, slug=slug)
    url = settings.SITE_URL + reverse("competitions:competition-page", args=[slug])
    content = exports.calendar_of(competition, at=timezone.now(), url=url)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{competition.slug}.ics"'
    return response
