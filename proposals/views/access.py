"""How every view of this app fetches, asks, tries and refuses."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Page
from django.db.models import Model, QuerySet
from django.forms import BaseForm
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from competitions.models import Competition
from competitions.queries.pages import competition_called
from competitions.requests import AuthedRequest
from kipp.lib.forms import add_error
from kipp.lib.sheets import MEDIA_TYPES
from kipp.lib.web import CONFLICT, OK, UNPROCESSABLE, attached
from proposals.models import Proposal
from proposals.permissions import Action, BoardAction, is_possible, may, may_on_board
from proposals.queries.whole import Whole, read_whole
from proposals.queries.writing import Desk, desk_of

Row = TypeVar("Row", bound=Model)
Result = TypeVar("Result")

# Somebody or something moved meanwhile: the person reloads and decides again.
CONFLICTS = frozenset({"stale", "not_now", "exists", "token", "too_soon"})


def fetch_proposal(request: AuthedRequest, pk: int, action: Action) -> Proposal:
    visible = Proposal.objects.visible_to(request.actor).for_page()
    return allowed(request, get_object_or_404(visible, pk=pk), action)


def fetch_whole(request: AuthedRequest, pk: int, action: Action) -> tuple[Proposal, Whole]:
    """The proposal with its form and all that was filled in: two questions."""
    proposal: Proposal = get_object_or_404(Proposal.objects.visible_to(request.actor), pk=pk)
    whole = read_whole(proposal)
    return allowed(request, proposal, action), whole


def fetch_desk(request: AuthedRequest, pk: int, key: str) -> Desk:
    """One query for who may write. For anybody else the full check chooses between 404 and 403."""
    desk = desk_of(request.user, proposal_id=pk, key=key)
    if desk and may(desk.actor, Action.WRITE, desk.proposal):
        return desk
    fetch_proposal(request, pk, Action.WRITE)
    raise Http404


def require_open_part(proposal: Proposal, target: str) -> None:
    """A completion opens some parts only; the others are read like the rest of the page."""
    if proposal.is_locked_at(target):
        raise PermissionDenied


def allowed(request: AuthedRequest, proposal: Proposal, action: Action) -> Proposal:
    if not may(request.actor, action, proposal):
        raise PermissionDenied
    return proposal


def turned_away(request: AuthedRequest, proposal: Proposal, action: Action) -> HttpResponse | None:
    """Back to the proposal with a sentence instead of a form that could only be refused."""
    if request.method == "POST" or is_possible(action, proposal.status):
        return None
    state = proposal.get_status_display()
    messages.error(
        request,
        _("The proposal stands at “%(state)s”: this cannot be done now.") % {"state": state},
    )
    return redirect("proposals:proposal-page", pk=proposal.pk)


def fetch_competition(request: AuthedRequest, slug: str, action: BoardAction) -> Competition:
    """A stranger to the committee does not learn that there is a board."""
    competition = competition_called(slug)
    if competition is None or competition.pk not in request.actor.seats:
        raise Http404
    if not may_on_board(request.actor, action, competition):
        raise PermissionDenied
    return competition


def attempt(form: BaseForm, verb: Callable[[], Result]) -> Result | None:
    """Run a service if the form is valid; its refusal is shown where the form shows its own."""
    if not form.is_valid():
        return None
    try:
        return verb()
    except ValidationError as error:
        add_error(form, error)
        return None


def succeeded(form: BaseForm) -> bool:
    return form.is_bound and not form.errors


def as_download(pieces: Iterable[bytes], *, name: str) -> HttpResponseBase:
    """A list, sent as it is made."""
    media_type = MEDIA_TYPES[name.rpartition(".")[2]]
    response = StreamingHttpResponse(pieces, content_type=media_type)
    return attached(response, name=name)


def status_of(form: BaseForm) -> int:
    """200 before the form was sent, then 409 or 422 by the kind of refusal."""
    if not form.is_bound or not form.errors:
        return OK
    codes = {error.code for errors in form.errors.as_data().values() for error in errors}
    return CONFLICT if codes & CONFLICTS else UNPROCESSABLE


def rows_of(page: Page[Row]) -> QuerySet[Row]:
    """The page's rows as a query that may still say what it reads of them."""
    return cast("QuerySet[Row]", page.object_list)
