"""The instant that decides whether something came in time."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import TypeVar

from django.forms import BaseForm
from django.utils.translation import gettext as _

from competitions.requests import AuthedRequest
from proposals.queries.deadlines import database_now

AnyForm = TypeVar("AnyForm", bound=BaseForm)
ATTEMPTS, EXACT_SECONDS = 3, 0.02


def received_at(request: AuthedRequest) -> datetime:
    """When the server had the whole request, by the database's clock.

    The machines' clocks are not compared: what has passed since is measured by one that no one can
    set. The question is repeated when its answer was slow, for an answer is as exact as quick.
    """
    for _attempt in range(ATTEMPTS):
        asked = time.monotonic()
        now = database_now()
        answered = time.monotonic()
        if answered - asked <= EXACT_SECONDS:
            break
    arrived = request.arrived if request.arrived is not None else answered
    return now - timedelta(seconds=answered - arrived)


def of_small_request(form: AnyForm, request: AuthedRequest) -> AnyForm:
    """A send holds a token and ticks; what is too large to be read on arrival is not one."""
    if request.arrived is None:
        form.add_error(
            None, _("A send carries no texts and no files. Reload this page and send from there.")
        )
    return form
