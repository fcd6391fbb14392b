"""The instant that decides whether something came in time."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from django.forms import BaseForm
from django.utils.translation import gettext as _

from competitions.requests import AuthedRequest
from proposals.models import Proposal
from proposals.permissions import Action, may
from proposals.queries.deadlines import database_now
from proposals.queries.writing import sender_of
from proposals.views.access import fetch_proposal

AnyForm = TypeVar("AnyForm", bound=BaseForm)
Answer = TypeVar("Answer")
ATTEMPTS, EXACT_SECONDS = 3, 0.02


def received_at(request: AuthedRequest) -> datetime:
    """When the server had the whole request, by the database's clock.

    The machines' clocks are not compared: what has passed since is measured by one that no one can
    set. The question is repeated when its answer was slow, for an answer is as exact as quick.
    """
    for _attempt in range(ATTEMPTS):
        now, asked, answered = timed(database_now)
        if answered - asked <= EXACT_SECONDS:
            break
    return arrival(request, now, answered=answered)


def fetch_to_send(request: AuthedRequest, pk: int, action: Action) -> tuple[Proposal, datetime]:
    """The proposal and the instant by one query. Whoever may not send is refused by the full check.

    Only the units are read of the proposal; the service reads the rest under the locks.
    """
    found, asked, answered = timed(lambda: sender_of(request.user, proposal_id=pk))
    if found is None or not may(found.actor, action, found.proposal):
        return fetch_proposal(request, pk, action), received_at(request)
    if answered - asked > EXACT_SECONDS:
        return found.proposal, received_at(request)
    return found.proposal, arrival(request, found.now, answered=answered)


def timed(ask: Callable[[], Answer]) -> tuple[Answer, float, float]:
    asked = time.monotonic()
    return ask(), asked, time.monotonic()


def arrival(request: AuthedRequest, now: datetime, *, answered: float) -> datetime:
    arrived = request.arrived if request.arrived is not None else answered
    return now - timedelta(seconds=answered - arrived)


def of_small_request(form: AnyForm, request: AuthedRequest) -> AnyForm:
    """A send holds a token and ticks; what is too large to be read on arrival is not one."""
    if request.arrived is None:
        form.add_error(
            None, _("A send carries no texts and no files. Reload this page and send from there.")
        )
    return form
