"""The endorser's word in advance, given and taken back on the proposal's page."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from competitions.requests import AuthedRequest
from proposals import services
from proposals.permissions import Action
from proposals.views.access import fetch_proposal
from proposals.views.arrival import received_at


@require_POST
def give_authorisation(request: AuthedRequest, pk: int) -> HttpResponse:
    at = received_at(request)
    proposal = fetch_proposal(request, pk, Action.AUTHORISE)
    return answered(
        request,
        pk,
        lambda: services.authorise_submission(proposal, by=request.user, at=at),
        said=_("Authorised. The unit sees it on this page."),
    )


@require_POST
def revoke_authorisation(request: AuthedRequest, pk: int) -> HttpResponse:
    at = received_at(request)
    proposal = fetch_proposal(request, pk, Action.AUTHORISE)
    return answered(
        request,
        pk,
        lambda: services.revoke_authorisation(proposal, by=request.user, at=at),
        said=_("Taken back. Nothing is submitted by itself."),
    )


def answered(
    request: AuthedRequest, pk: int, verb: Callable[[], object], *, said: str
) -> HttpResponse:
    """Nothing was typed: a refusal stands on top of the page as it is now."""
    try:
        verb()
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, said)
    return redirect("proposals:proposal-page", pk=pk)
