from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction

from bench.plan import Page
from bench.portal.people import make_people
from bench.portal.rushing import make_rush

BACKEND = "accounts.backends.EmailBackend"


def fill(participants: int) -> list[Page]:
    """One more than take part: the last of a page is for single looks."""
    at = datetime.now(UTC)
    with transaction.atomic():
        return [make_rush(make_people(at), backend=BACKEND, at=at, waiting=participants + 1)]
