"""The author's last look and the moves out of the author's hands."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from competitions.requests import AuthedRequest
from proposals import services
from proposals.eligibility import blocking
from proposals.findings import lines_of
from proposals.forms import ConfirmForm, ReasonForm, ResubmitForm
from proposals.models import Proposal
from proposals.permissions import Action, allowed_actions
from proposals.queries.deadlines import deadlines_for
from proposals.queries.lines import draft_rows, team_of
from proposals.queries.progress import problems_among, section_lines, slot_lines
from proposals.queries.similar import similar_for_author
from proposals.views.access import attempt, fetch_proposal, status_of, succeeded, turned_away
from proposals.views.arrival import fetch_to_send, of_small_request, received_at


@require_safe
def check_proposal(request: AuthedRequest, pk: int) -> HttpResponse:
    proposal = fetch_proposal(request, pk, Action.READ)
    return render_check(request, proposal, form=ResubmitForm())


def render_check(request: AuthedRequest, proposal: Proposal, *, form: ResubmitForm) -> HttpResponse:
    """Everything on one page; `form` shows why a sending was refused."""
    lines, slots = section_lines(proposal), slot_lines(proposal)
    problems = problems_among(proposal, lines, slots)
    deadlines = deadlines_for(proposal)
    context = {
        "proposal": proposal,
        "competition": proposal.competition,
        "form": form,
        "lines": lines,
        "slots": slots,
        "team": team_of(proposal),
        "claims": draft_rows(proposal),
        "findings": lines_of(problems),
        "is_complete": not blocking(problems),
        "similar": similar_for_author(proposal, actor=request.actor),
        "actions": allowed_actions(request.actor, proposal),
        "window": deadlines.for_sending(proposal),
        "is_over": deadlines.are_over_for(proposal, at=timezone.now()),
    }
    return render(request, "proposals/check.html", context, status=status_of(form))


@require_POST
def send_proposal(request: AuthedRequest, pk: int) -> HttpResponse:
    proposal, at = fetch_to_send(request, pk, Action.SEND)
    form = of_small_request(ResubmitForm(request.POST), request)
    attempt(
        form,
        lambda: services.send_for_endorsement(proposal, by=request.user, at=at),
    )
    if succeeded(form):
        messages.success(request, _("Sent in time. The proposal now waits for endorsement."))
        return redirect("proposals:proposal-page", pk=pk)
    return render_check(request, fetch_proposal(request, pk, Action.SEND), form=form)


@require_POST
def resubmit_proposal(request: AuthedRequest, pk: int) -> HttpResponse:
    proposal, at = fetch_to_send(request, pk, Action.RESUBMIT)
    form = of_small_request(ResubmitForm(request.POST), request)
    submission = attempt(
        form,
        lambda: services.resubmit_completion(
            proposal, token=form.cleaned_data["token"], by=request.user, at=at
        ),
    )
    if submission:
        return redirect("proposals:receipt", pk=pk)
    return render_check(request, fetch_proposal(request, pk, Action.RESUBMIT), form=form)


@require_http_methods(["GET", "POST"])
def recall_proposal(request: AuthedRequest, pk: int) -> HttpResponse:
    proposal = fetch_proposal(request, pk, Action.RECALL)
    if away := turned_away(request, proposal, Action.RECALL):
        return away
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    verb = partial(services.recall_proposal, proposal, by=request.user, at=received_at(request))
    return confirm(request, proposal, form=form, verb=verb, template="proposals/recall.html")


@require_http_methods(["GET", "POST"])
def withdraw_proposal(request: AuthedRequest, pk: int) -> HttpResponse:
    proposal = fetch_proposal(request, pk, Action.WITHDRAW)
    if away := turned_away(request, proposal, Action.WITHDRAW):
        return away
    form = ReasonForm(request.POST if request.method == "POST" else None)

    return confirm(
        request,
        proposal,
        form=form,
        verb=lambda: services.withdraw_proposal(
            proposal, reason=form.cleaned_data["reason"], by=request.user, at=received_at(request)
        ),
        template="proposals/withdraw.html",
    )


def confirm(
    request: AuthedRequest,
    proposal: Proposal,
    *,
    form: ConfirmForm | ReasonForm,
    verb: Callable[[], None],
    template: str,
) -> HttpResponse:
    """A page that asks once more; then the verb, then back to the proposal."""
    attempt(form, verb)
    if succeeded(form):
        messages.success(request, _("Done."))
        return redirect("proposals:proposal-page", pk=proposal.pk)
    context = {"form": form, "proposal": proposal, "competition": proposal.competition}
    return render(request, template, context, status=status_of(form))
