"""The instant that decides whether something came in time."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from competitions.requests import AuthedRequest
from proposals.queries.deadlines import database_now

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
