"""What must hold of the whole portal: the promises of every app, and those that join them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from accounts import invariants as of_accounts
from competitions.models import Material
from judging import invariants as of_judging
from kipp.lib.files import list_orphans
from proposals import invariants as of_proposals
from proposals.queries.files import blobs_in_use

ORPHAN_AGE = timedelta(hours=24)


def files_belong_to_a_row(at: datetime) -> Iterator[str]:
    """No file without a row for longer than a day: an upload may be on its way."""
    known = {*blobs_in_use(), *Material.objects.values_list("sha256", flat=True)}
    for key in list_orphans(known, before=at - ORPHAN_AGE):
        yield f"File {key} belongs to nothing."


INVARIANTS = (
    *of_accounts.INVARIANTS,
    *of_proposals.INVARIANTS,
    files_belong_to_a_row,
    *of_judging.INVARIANTS,
)
