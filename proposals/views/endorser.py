"""The endorser's desk: the queue, reading, returning, endorsing."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from competitions.models import Section
from competitions.requests import AuthedRequest
from proposals import services
from proposals.findings import lines_of
from proposals.forms import ReturnForm, SendForm
from proposals.models import Proposal
from proposals.permissions import Action, allowed_actions
from proposals.queries.deadlines import deadlines_of
from proposals.queries.endorsing import queue_of, queue_rows
from proposals.queries.lines import draft_rows, team_of
from proposals.queries.progress import problems_among, section_lines, slot_lines
from proposals.views.access import (
    attempt,
    fetch_proposal,
    page_of,
    status_of,
    succeeded,
    turned_away,
)
from proposals.views.arrival import received_at


@require_safe
def show_queue(request: AuthedRequest) -> HttpResponse:
    if not request.actor.endorser_of:
        raise PermissionDenied
    page = page_of(queue_of(request.actor), request)
    context = {"page": page, "rows": queue_rows(page, at=timezone.now())}
    return render(request, "proposals/queue.html", context)


@require_safe
def show_for_endorsement(request: AuthedRequest, pk: int) -> HttpResponse:
    proposal = fetch_proposal(request, pk, Action.READ)
    return render_desk(request, proposal, form=SendForm())


def render_desk(request: AuthedRequest, proposal: Proposal, *, form: SendForm) -> HttpResponse:
    lines, slots = section_lines(proposal), slot_lines(proposal)
    context = {
        "proposal": proposal,
        "competition": proposal.competition,
        "form": form,
        "lines": lines,
        "slots": slots,
        "team": team_of(proposal),
        "claims": draft_rows(proposal),
        "findings": lines_of(problems_among(proposal, lines, slots)),
        "actions": allowed_actions(request.actor, proposal),
        "deadlines": deadlines_of(proposal.competition, unit=proposal.unit),
    }
    return render(request, "proposals/endorse.html", context, status=status_of(form))


@require_POST
def submit_proposal(request: AuthedRequest, pk: int) -> HttpResponse:
    """The final send. The instant that counts is taken first, by the database's clock."""
    at = received_at(request)
    proposal = fetch_proposal(request, pk, Action.SUBMIT)
    form = SendForm(request.POST)
    submission = attempt(
        form,
        lambda: services.submit_proposal(
            proposal, token=form.cleaned_data["token"], by=request.user, at=at
        ),
    )
    if submission is None:
        return render_desk(request, proposal, form=form)
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
        "deadlines": deadlines_of(proposal.competition, unit=proposal.unit),
    }
    return render(request, "proposals/return.html", context, status=status_of(form))
