"""The endorser's desk: the queue, reading, returning, endorsing."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from competitions.models import Section
from competitions.requests import AuthedRequest
from kipp.lib.web import page_of
from proposals import services
from proposals.findings import lines_of
from proposals.forms import PileForm, ReturnForm, SendForm, VersionForm
from proposals.models import Proposal
from proposals.permissions import Action, allowed_actions
from proposals.queries.deadlines import deadlines_for, end_after_return
from proposals.queries.endorsing import deputies_among, paces_of, queue_rows
from proposals.queries.lines import draft_rows, team_of
from proposals.queries.progress import problems_among, section_lines, slot_lines
from proposals.views.access import (
    attempt,
    fetch_proposal,
    status_of,
    succeeded,
    turned_away,
)
from proposals.views.arrival import fetch_to_send, of_small_request, received_at


@require_safe
def show_queue(request: AuthedRequest) -> HttpResponse:
    if not request.actor.endorser_of:
        raise PermissionDenied
    return render_queue(request, form=PileForm(queue=pile_of(request)))


def render_queue(request: AuthedRequest, *, form: PileForm) -> HttpResponse:
    at = timezone.now()
    rows = queue_rows(request.actor, at=at)
    page = page_of(rows, request)
    context = {
        "page": page,
        "rows": page.object_list,
        "deputies": deputies_among(request.actor),
        "paces": paces_of(rows, at=at),
        "has_read": any(row.is_read for row in page.object_list),
        "form": form,
        "ticked": form.ticked(),
    }
    return render(request, "proposals/queue.html", context, status=status_of(form))


def pile_of(request: AuthedRequest) -> QuerySet[Proposal]:
    """Also what has left the desk: a tick from an older page gets a sentence, not silence."""
    return Proposal.objects.filter(endorsing_unit__in=request.actor.endorser_of).for_page()


@require_POST
def submit_pile(request: AuthedRequest) -> HttpResponse:
    at = received_at(request)
    if not request.actor.endorser_of:
        raise PermissionDenied
    form = of_small_request(PileForm(request.POST, queue=pile_of(request)), request)
    if not form.is_valid():
        return render_queue(request, form=form)
    outcomes = services.submit_pile(
        form.cleaned_data["proposals"],
        token=form.cleaned_data["token"],
        by=request.user,
        at=at,
    )
    tell_outcomes(request, outcomes)
    return redirect("proposals:endorsement-queue")


def tell_outcomes(request: AuthedRequest, outcomes: list[services.Outcome]) -> None:
    """One sentence for what was sent, one for each that was not."""
    receipts = [outcome.receipt for outcome in outcomes if outcome.receipt]
    if receipts:
        sent = ngettext(
            "%(count)d proposal endorsed and submitted: %(receipts)s.",
            "%(count)d proposals endorsed and submitted: %(receipts)s.",
            len(receipts),
        )
        facts = {"count": len(receipts), "receipts": ", ".join(receipts)}
        messages.success(request, sent % facts)
    for outcome in outcomes:
        if outcome.refusal:
            title, why = outcome.proposal.title, outcome.refusal
            messages.error(
                request, _("Not submitted: %(title)s. %(why)s") % {"title": title, "why": why}
            )


@require_POST
def mark_read(request: AuthedRequest, pk: int) -> HttpResponse:
    proposal = fetch_proposal(request, pk, Action.SUBMIT)
    form = VersionForm(request.POST)
    attempt(
        form,
        lambda: services.mark_read(
            proposal,
            version=form.cleaned_data["version"],
            by=request.user,
            at=timezone.now(),
        ),
    )
    if not succeeded(form):
        return render_desk(request, proposal, form=SendForm(), refused=form)
    messages.success(request, _("Marked as read. Tick it in the list to endorse several at once."))
    return redirect("proposals:endorsement-queue")


@require_safe
def show_for_endorsement(request: AuthedRequest, pk: int) -> HttpResponse:
    proposal = fetch_proposal(request, pk, Action.READ)
    return render_desk(request, proposal, form=SendForm())


def render_desk(
    request: AuthedRequest,
    proposal: Proposal,
    *,
    form: SendForm,
    refused: VersionForm | None = None,
) -> HttpResponse:
    """`refused` is what was sent beside the decision and shows its errors instead."""
    lines, slots = section_lines(proposal), slot_lines(proposal)
    context = {
        "proposal": proposal,
        "competition": proposal.competition,
        "form": form,
        "refused": refused or form,
        "lines": lines,
        "slots": slots,
        "team": team_of(proposal),
        "claims": draft_rows(proposal),
        "findings": lines_of(problems_among(proposal, lines, slots)),
        "actions": allowed_actions(request.actor, proposal),
        "deadlines": deadlines_for(proposal),
    }
    return render(request, "proposals/endorse.html", context, status=status_of(refused or form))


@require_POST
def submit_proposal(request: AuthedRequest, pk: int) -> HttpResponse:
    """The final send. The instant that counts is taken first, by the database's clock."""
    proposal, at = fetch_to_send(request, pk, Action.SUBMIT)
    form = of_small_request(SendForm(request.POST), request)
    submission = attempt(
        form,
        lambda: services.submit_proposal(
            proposal, token=form.cleaned_data["token"], by=request.user, at=at
        ),
    )
    if submission is None:
        return render_desk(request, fetch_proposal(request, pk, Action.SUBMIT), form=form)
    return redirect("proposals:receipt", pk=pk)


@require_http_methods(["GET", "POST"])
def return_proposal(request: AuthedRequest, pk: int) -> HttpResponse:
    proposal = fetch_proposal(request, pk, Action.RETURN)
    if away := turned_away(request, proposal, Action.RETURN):
        return away
    sections = Section.objects.filter(track=proposal.track_id)
    form = ReturnForm(request.POST if request.method == "POST" else None, sections=sections)
    attempt(
        form,
        lambda: services.return_proposal(
            proposal,
            note=form.cleaned_data["note"],
            section_notes=form.section_notes(),
            by=request.user,
            at=received_at(request),
        ),
    )
    if succeeded(form):
        messages.success(request, _("Returned. The authors were told by mail."))
        return redirect("proposals:endorsement-queue")
    context = {
        "form": form,
        "proposal": proposal,
        "until": end_after_return(proposal, at=timezone.now()),
    }
    return render(request, "proposals/return.html", context, status=status_of(form))
