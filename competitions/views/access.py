"""How the committee's views fetch: 404 for the unknown, 403 for what one may not do."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404

from competitions.models import Competition
from competitions.permissions import Action, may
from competitions.requests import Request
from kipp.lib.web import CONFLICT, UNPROCESSABLE


def competition_for(request: Request, slug: str, action: Action) -> Competition:
    visible = Competition.objects.visible_to(request.actor).select_related("host")
    competition = get_object_or_404(visible, slug=slug)
    if not may(request.actor, action, competition):
        raise PermissionDenied
    return competition


def status_of(error: ValidationError) -> int:
    """409 for a form that somebody else overtook, 422 for everything that can be put right."""
    return CONFLICT if getattr(error, "code", "") == "stale" else UNPROCESSABLE
