"""The screener's desk: the queue, the frozen submission beside its checklist, the decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from competitions.models import Competition
from competitions.requests import AuthedRequest
from kipp.lib.clock import show_moment
from kipp.lib.web import THUMBNAIL_TYPE, page_of, row_urls, serve_file
from proposals import services
from proposals.committee_forms import ScreeningForm
from proposals.findings import lines_of
from proposals.forms import ReasonForm
from proposals.ledger import ledger_rows
from proposals.models import Opinion, Proposal, Screening, Submission
from proposals.permissions import Action, BoardAction, allowed_actions
from proposals.queries.desk import (
    claims_of,
    decisions_on,
    next_in_queue,
    opinions_for,
    received_here,
    screening_queue,
    waiting_count,
)
from proposals.queries.files import attachment_of
from proposals.queries.others import Others
from proposals.queries.parts import parts_of
from proposals.queries.preflight import checklist_of
from proposals.queries.similar import similar_for_committee
from proposals.queries.whole import read_whole
from proposals.views.access import allowed, attempt, fetch_competition, status_of, succeeded


@require_safe
def show_queue(request: AuthedRequest, slug: str) -> HttpResponse:
    competition = fetch_competition(request, slug, BoardAction.SEE_BOARD)
    count = waiting_count(competition.pk)
    page = page_of(screening_queue(competition), request, count=count)
    rows = queue_lines(page, competition=competition)
    context = {"competition": competition, "page": page, "rows": rows}
    return render(request, "proposals/screening_queue.html", context)


def queue_lines(
    waiting: Iterable[Mapping[str, Any]], *, competition: Competition
) -> list[dict[str, Any]]:
    """With the address and the moment as texts."""
    page_url = row_urls("proposals:screening-page", competition.slug)
    return [
        {
            **row,
            "url": page_url(row["proposal_id"]),
            "received": show_moment(row["received_at"], zone=competition.time_zone),
        }
        for row in waiting
    ]


def fetch_received(
    request: AuthedRequest, slug: str, pk: int, action: Action
) -> tuple[Proposal, Submission]:
    """A proposal that this committee has received, with its current submission."""
    competition = fetch_competition(request, slug, BoardAction.SEE_BOARD)
    submission = received_here(pk, competition=competition)
    if submission is None:
        raise Http404
    return allowed(request, submission.proposal, action), submission


@require_http_methods(["GET", "POST"])
def screen_submission(request: AuthedRequest, slug: str, pk: int) -> HttpResponse:
    action = Action.READ_SUBMISSION if request.method == "GET" else Action.SCREEN
    proposal, submission = fetch_received(request, slug, pk, action)
    whole = read_whole(proposal, sent=submission.content["header"])
    form = screening_form(request, submission, others=whole.others)
    following = next_in_queue(submission)
    decided = attempt(
        form,
        lambda: services.screen_submission(
            submission, **form.judgement(), by=request.user, at=timezone.now()
        ),
    )
    if decided:
        messages.success(request, told(decided))
        if following:
            return redirect("proposals:screening-page", slug=slug, pk=following)
        return redirect("proposals:screening-queue", slug=slug)
    return render_submission(request, submission, form=form, following=following)


def screening_form(
    request: AuthedRequest, submission: Submission, *, others: Others
) -> ScreeningForm:
    return ScreeningForm(
        request.POST if request.method == "POST" else None,
        time_zone=submission.proposal.competition.time_zone,
        findings=checklist_of(submission, others=others),
        parts=parts_of(submission.proposal),
    )


def told(decided: Screening | Opinion) -> str:
    if isinstance(decided, Screening):
        return _("The decision is recorded and the unit gets a mail.")
    return _("Your opinion is recorded. The unit hears of it when the decision has fallen.")


def render_submission(
    request: AuthedRequest,
    submission: Submission,
    *,
    form: ScreeningForm,
    following: int | None,
) -> HttpResponse:
    proposal = submission.proposal
    context = {
        "competition": proposal.competition,
        "proposal": proposal,
        "submission": submission,
        "content": submission.content,
        "claims": ledger_rows(claims_of(submission), checks=submission.claim_checks),
        "form": form,
        "similar": similar_for_committee(proposal),
        "decisions": decisions_on(proposal),
        "findings": lines_of(form.findings),
        "opinions": opinions_for(request.user, submission=submission),
        "actions": allowed_actions(request.actor, proposal),
        "following": following,
    }
    return render(request, "proposals/screening.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def reopen_screening(request: AuthedRequest, slug: str, pk: int) -> HttpResponse:
    proposal, _submission = fetch_received(request, slug, pk, Action.REOPEN)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    attempt(
        form,
        lambda: services.reopen_screening(
            proposal, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()
        ),
    )
    if succeeded(form):
        messages.success(request, _("The screening is reopened and the unit gets a mail."))
        return redirect("proposals:screening-page", slug=slug, pk=pk)
    context = {"form": form, "proposal": proposal, "competition": proposal.competition}
    return render(request, "proposals/reopen.html", context, status=status_of(form))


@require_safe
def show_file(request: AuthedRequest, slug: str, pk: int, sha256: str) -> HttpResponseBase:
    _proposal, submission = fetch_received(request, slug, pk, Action.READ_SUBMISSION)
    file = attachment_of(submission, sha256)
    if file is None:
        raise Http404
    return serve_file(sha256, name=file["name"], media_type=file["media_type"])


@require_safe
def show_thumbnail(request: AuthedRequest, slug: str, pk: int, sha256: str) -> HttpResponseBase:
    _proposal, submission = fetch_received(request, slug, pk, Action.READ_SUBMISSION)
    file = attachment_of(submission, sha256)
    if file is None or not file["thumbnail_sha256"]:
        raise Http404
    return serve_file(file["thumbnail_sha256"], name=file["name"], media_type=THUMBNAIL_TYPE)
