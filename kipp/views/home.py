from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from competitions.middleware import shared_page
from competitions.queries import running_competitions
from competitions.requests import AuthedRequest, Request
from kipp.landing import WINNERS_SHOWN, latest_results, tasks_of


@require_safe
@login_not_required
@shared_page
def home(request: Request) -> HttpResponse:
    """What runs now, and who won last."""
    results = latest_results()
    context = {
        "cards": running_competitions(timezone.now()),
        "results": results,
        "winners": results.winners[:WINNERS_SHOWN] if results else (),
    }
    return render(request, "kipp/home.html", context)


@require_safe
def dashboard(request: AuthedRequest) -> HttpResponse:
    """What waits for the person, in all roles."""
    tasks = tasks_of(request.actor, at=timezone.now())
    has_role = request.actor.is_unit_staff or bool(request.actor.seats)
    return render(request, "kipp/dashboard.html", {"tasks": tasks, "has_role": has_role})
