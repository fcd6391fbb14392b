"""The committee's board: who holds what, one click to remind, the list as a file."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from competitions.requests import AuthedRequest
from proposals import services
from proposals.forms import BoardFilter
from proposals.models import Proposal
from proposals.permissions import Action, BoardAction, may, may_on_board
from proposals.queries.board import agencies_in, board_of, board_rows, funnel_of
from proposals.queries.deadlines import deadlines_of
from proposals.views.access import fetch_competition, page_of
from proposals.views.funnel import funnel_bars


@require_GET
def show_board(request: AuthedRequest, slug: str) -> HttpResponse:
    competition = fetch_competition(request, slug, BoardAction.SEE_BOARD)
    form = BoardFilter(request.GET, agencies=agencies_in(competition))
    page = page_of(board_of(competition, chosen=form.chosen()), request)
    funnel = funnel_of(competition)
    context = {
        "competition": competition,
        "form": form,
        "page": page,
        "query": query_of(request),
        "rows": board_rows(page, at=timezone.now()),
        "funnel": funnel,
        "bars": funnel_bars(funnel),
        "deadlines": deadlines_of(competition, unit=competition.host),
        "may_chase": may_on_board(request.actor, BoardAction.CHASE, competition),
        "may_screen": may_on_board(request.actor, BoardAction.SCREEN, competition),
    }
    return render(request, "proposals/board.html", context)


def query_of(request: AuthedRequest) -> str:
    """The filters without the page number, ready for the links to other pages."""
    kept = request.GET.copy()
    kept.pop("page", None)
    return f"{kept.urlencode()}&" if kept else ""


@require_POST
def chase_holder(request: AuthedRequest, slug: str, pk: int) -> HttpResponse:
    """Back to the board as it was filtered, with what happened on top."""
    competition = fetch_competition(request, slug, BoardAction.CHASE)
    on_board = Proposal.objects.on_boards_of(request.actor).for_page()
    proposal: Proposal = get_object_or_404(on_board, pk=pk, competition=competition)
    if not may(request.actor, Action.CHASE, proposal):
        raise PermissionDenied
    try:
        count = services.chase_holder(proposal, by=request.user, at=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        told = ngettext("%(count)d person gets a mail.", "%(count)d people get a mail.", count)
        messages.success(request, _("Reminder sent: ") + told % {"count": count})
    return redirect("proposals:board", slug=slug)
