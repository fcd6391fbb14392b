"""How long a public page stays true: until somebody writes what it shows, or the clock moves on."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Min, Q

from competitions.models import Round
from kipp.lib import clock
from kipp.lib.prepared import Statement

LONGEST = timedelta(minutes=1)
STAMP = Statement("SELECT value FROM competitions_publicstamp")


def public_stamp() -> UUID | None:
    """What the pages of strangers are made from; None until something was written."""
    rows = STAMP.ask()
    return rows[0][0] if rows else None


def next_public_change(at: datetime) -> datetime:
    """When a page made now may say something else: a start, an end, a midnight; soon anyway."""
    ahead = Round.objects.aggregate(
        starts=Min("starts_at", filter=Q(starts_at__gt=at)),
        ends=Min("ends_at", filter=Q(ends_at__gt=at)),
        extended=Min("extensions__new_ends_at", filter=Q(extensions__new_ends_at__gt=at)),
    )
    midnights = [
        clock.end_of_day(at.astimezone(ZoneInfo(zone)).date(), zone=zone)
        for zone in clock.ZONES.values()
    ]
    known: list[datetime] = [moment for moment in ahead.values() if moment]
    return min([at + LONGEST, *midnights, *known])
