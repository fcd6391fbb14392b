"""What must hold of the whole portal: the promises of every app, and those that join them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from accounts import invariants as of_accounts
from judging import invariants as of_judging
from kipp.janitor import ORPHAN_AGE, files_in_use
from kipp.lib.sweeping import list_orphans
from kipp.retention import kept_too_long
from proposals import invariants as of_proposals

# What became an orphan this day is removed by the sweep of the next night.
SWEPT_WITHIN = ORPHAN_AGE + timedelta(hours=24)


def files_belong_to_a_row(at: datetime) -> Iterator[str]:
    """No file without a row for longer than two nights: an upload may be on its way."""
    for key in list_orphans(files_in_use(), before=at - SWEPT_WITHIN):
        yield f"File {key} belongs to nothing."


INVARIANTS = (
    *of_accounts.INVARIANTS,
    *of_proposals.INVARIANTS,
    files_belong_to_a_row,
    kept_too_long,
    *of_judging.INVARIANTS,
)
