"""The buttons that move a part up or down in its list."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.models import User
from competitions import services
from competitions.forms import VersionForm
from competitions.permissions import Action
from competitions.requests import AuthedRequest
from competitions.services.ordering import OrderedPart
from competitions.views.access import competition_for, status_of
from competitions.views.kinds import kind_of, stored_part
from kipp.lib.web import UNPROCESSABLE


class Verb(Protocol):
    def __call__(self, part: OrderedPart, *, by: User, at: datetime, version: int) -> None: ...


@require_POST
def move_up(request: AuthedRequest, slug: str, kind: str, pk: int) -> HttpResponse:
    return _move(request, slug, kind, pk, verb=services.move_part_up)


@require_POST
def move_down(request: AuthedRequest, slug: str, kind: str, pk: int) -> HttpResponse:
    return _move(request, slug, kind, pk, verb=services.move_part_down)


def _move(request: AuthedRequest, slug: str, kind: str, pk: int, *, verb: Verb) -> HttpResponse:
    competition = competition_for(request, slug, Action.EDIT_SETUP)
    known = kind_of(kind)
    if not known.is_ordered:
        raise Http404
    part = stored_part(known, competition=competition, pk=pk)
    page = reverse(f"competitions:setup-{known.page}", args=[slug])
    sent = VersionForm(request.POST)
    if not sent.is_valid():
        return render(request, "errors/409.html", {"back_url": page}, status=UNPROCESSABLE)
    version = sent.cleaned_data["version"]
    try:
        verb(part, by=request.user, at=timezone.now(), version=version)
    except ValidationError as error:
        context = {"sentence": error.messages[0], "back_url": page}
        return render(request, "errors/409.html", context, status=status_of(error))
    return redirect(f"{page}#{kind}-{pk}")
