"""Machines of others that did not answer: left alone for a while, longer each time."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db import transaction

from accounts.models import NO_LEASE, OuterHost

# So many failures on end before the first rest, and how long each rest lasts.
ENOUGH = 2
BREAKS = tuple(timedelta(seconds=seconds) for seconds in (30, 60, 120, 300))

log = structlog.get_logger(__name__)


def resting_until(name: str, *, at: datetime) -> datetime | None:
    return (
        OuterHost.objects.filter(name=name, rests_until__gt=at, rests_until__lt=at + NO_LEASE)
        .values_list("rests_until", flat=True)
        .first()
    )


@transaction.atomic
def leave_alone(name: str, *, at: datetime) -> None:
    OuterHost.objects.bulk_create([OuterHost(name=name)], ignore_conflicts=True)
    host = OuterHost.objects.select_for_update().get(name=name)
    host.failures += 1
    if host.failures >= ENOUGH:
        host.rests_until = at + BREAKS[min(host.failures - ENOUGH, len(BREAKS) - 1)]
        log.warning("host_left_alone", host=name, until=str(host.rests_until))
    host.save(update_fields=["failures", "rests_until"])


def trust_again(name: str) -> None:
    OuterHost.objects.filter(name=name, failures__gt=0).update(failures=0, rests_until=None)
