from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction

from accounts.audit import gathering, record
from bench.plan import Page
from bench.portal.people import make_people
from bench.portal.rushing import make_rush
from proposals.models import Proposal

BACKEND = "accounts.backends.EmailBackend"


def fill(participants: int) -> list[Page]:
    """One more than take part: the last of a page is for single looks.

    With the moves that led here in the trail, for the invariants are asked at the end.
    """
    at = datetime.now(UTC)
    with transaction.atomic():
        page = make_rush(make_people(at), backend=BACKEND, at=at, waiting=participants + 1)
        with gathering():
            for proposal in Proposal.objects.all():
                record(proposal.created_by, "proposal.sent", proposal, at=at)
    return [page]
