from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from competitions.middleware import shared_page
from competitions.queries import running_competitions
from competitions.requests import AuthedRequest, Request
from judging.queries.results import latest_winners, next_unveiling
from kipp.landing import tasks_of


@require_safe
@login_not_required
@shared_page
def home(request: Request) -> HttpResponse:
    """What runs now, and who won last."""
    now = timezone.now()
    request.next_turn = next_unveiling
    context = {"cards": running_competitions(now), "newest": latest_winners(at=now)}
    return render(request, "kipp/home.html", context)


@require_safe
def dashboard(request: AuthedRequest) -> HttpResponse:
    """What waits for the person, in all roles."""
    tasks = tasks_of(request.actor, at=timezone.now())
    has_role = request.actor.is_unit_staff or bool(request.actor.seats)
    return render(request, "kipp/dashboard.html", {"tasks": tasks, "has_role": has_role})
