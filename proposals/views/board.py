"""The committee's board: who holds what, one click to remind, the list as a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Page
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.takeaway import by_worker, is_for_worker
from competitions.models import Competition
from competitions.requests import AuthedRequest
from competitions.roles import Actor
from competitions.workflow import CompetitionStatus
from kipp.lib.clock import show_days_left
from kipp.lib.web import page_of, query_of, row_urls
from proposals import services
from proposals.exports import board_columns, board_file
from proposals.forms import BoardFilter
from proposals.jobs import BOARD, JOBS
from proposals.models import Proposal
from proposals.permissions import Action, BoardAction, may, may_on_board
from proposals.queries.board import (
    BoardRow,
    Chosen,
    agencies_in,
    board_of,
    board_rows,
    every_row,
    first_rows,
    funnel_of,
)
from proposals.queries.deadlines import Deadlines, deadlines_for_all
from proposals.views.access import as_download, fetch_competition, rows_of
from proposals.views.chats import chat_link
from proposals.views.funnel import funnel_bars
from proposals.workflow import ProposalStatus


@require_safe
def show_board(request: AuthedRequest, slug: str) -> HttpResponse:
    competition = fetch_competition(request, slug, BoardAction.SEE_BOARD)
    form = BoardFilter(request.GET, agencies=agencies_in(competition))
    funnel, at = funnel_of(competition), timezone.now()
    page, rows = page_and_rows(request, competition, chosen=form.chosen(), count=funnel.all, at=at)
    deadlines = deadlines_for_all(competition)
    may_chase = may_on_board(request.actor, BoardAction.CHASE, competition)
    chase_url = row_urls("proposals:proposal-chase", slug)
    chased = Chasing(deadlines, query_of(request), chase_url) if may_chase else None
    context = {
        "competition": competition,
        "form": form,
        "page": page,
        "query": query_of(request),
        "rows": lines_of(rows, competition=competition, chased=chased),
        "funnel": funnel,
        "bars": funnel_bars(funnel),
        "deadlines": deadlines,
        "days_left": days_left(deadlines, competition, at=at),
        "may_import": may_import(request.actor, competition),
        "may_screen": may_on_board(request.actor, BoardAction.SCREEN, competition),
    }
    return render(request, "proposals/board.html", context)


def page_and_rows(
    request: AuthedRequest, competition: Competition, *, chosen: Chosen, count: int, at: datetime
) -> tuple[Page[Any], list[BoardRow]]:
    """`count`: of everything. Nobody writes SQL for its first page."""
    is_all = not any(chosen.values())
    if is_all and (first := page_of(range(count), request)).number == 1:
        return first, first_rows(competition, at=at)
    page = page_of(board_of(competition, chosen=chosen), request, count=count if is_all else None)
    return page, board_rows(rows_of(page), at=at)


def may_import(actor: Actor, competition: Competition) -> bool:
    is_out = competition.status == CompetitionStatus.PUBLISHED
    return is_out and may_on_board(actor, BoardAction.IMPORT, competition)


def lines_of(
    rows: Iterable[BoardRow],
    *,
    competition: Competition,
    chased: Chasing | None,
) -> list[dict[str, str]]:
    """Plain texts, which templates show fastest."""
    read_url = row_urls("proposals:screening-page", competition.slug)
    return [
        {
            "unit": row.unit,
            "agency": row.agency if row.agency != row.unit else "",
            "title": row.title,
            "receipt": row.receipt,
            "read_url": read_url(row.pk) if row.is_readable else "",
            "status": row.status_label,
            "tone": row.tone,
            "holder": row.holder_label,
            "days": str(row.days_held),
            "percent": f"{row.percent}%",
            **(chase_urls(row, competition, chased) if chased and row.is_chaseable else UNCHASED),
        }
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Chasing:
    """What the links that remind need beside a row; only for who may remind."""

    deadlines: Deadlines
    query: str
    address: Callable[[int], str]


UNCHASED = {"chase_url": "", "chat_url": ""}


def chase_urls(row: BoardRow, competition: Competition, chased: Chasing) -> dict[str, str]:
    ends_at = end_for(row.status, chased.deadlines)
    return {
        "chase_url": f"{chased.address(row.pk)}?{chased.query}",
        "chat_url": chat_link(row, competition, ends_at=ends_at),
    }


def end_for(status: str, deadlines: Deadlines) -> datetime | None:
    """By the end for all: a message that names none is better than one that names a wrong one."""
    windows = {
        ProposalStatus.DRAFT: deadlines.sending,
        ProposalStatus.AWAITING: deadlines.endorsing,
    }
    window = windows.get(ProposalStatus(status))
    return window.ends_at if window else None


def days_left(deadlines: Deadlines, competition: Competition, *, at: datetime) -> dict[str, str]:
    windows = {"sending": deadlines.sending, "endorsing": deadlines.endorsing}
    return {
        name: show_days_left(window.ends_at, at=at, zone=competition.time_zone)
        for name, window in windows.items()
        if window
    }


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
    return redirect(f"{reverse('proposals:board', args=[slug])}?{request.GET.urlencode()}")


@require_http_methods(["GET", "HEAD", "POST"])
def export(request: AuthedRequest, slug: str, form: str) -> HttpResponseBase:
    """The same rows, filters and secrets as on the board."""
    competition = fetch_competition(request, slug, BoardAction.EXPORT)
    chosen = BoardFilter(request.GET, agencies=agencies_in(competition)).chosen()
    proposals = board_of(competition, chosen=chosen)
    if is_for_worker(request, cells=proposals.count() * len(board_columns())):
        return by_worker(
            request,
            BOARD,
            {"competition": competition.pk, "form": form, **cast("dict[str, int | str]", chosen)},
            kinds=JOBS,
            about=f"{competition.name} ({form.upper()})",
            edition=competition.pk,
            by=request.user,
            at=timezone.now(),
        )
    rows = every_row(proposals, at=timezone.now())
    pieces = board_file(rows, form=form, zone=competition.time_zone)
    return as_download(pieces, name=f"{slug}.{form}")
