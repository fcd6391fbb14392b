"""Whoever had taken something may be gone for good, as after a restore."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from accounts.models import Job, Message


@dataclass(frozen=True, slots=True)
class Released:
    mails: int
    jobs: int


@transaction.atomic
def release_claims(*, at: datetime) -> Released:
    """No sender and no worker of this database exists: what they held is due again.

    A mail keeps its attempts, so that a copy says what it is. A job lost no worker of its own
    doing.
    """
    held = Message.objects.filter(status=Message.Status.SENDING)
    begun = Job.objects.filter(status=Job.Status.RUNNING)
    return Released(
        mails=held.update(status=Message.Status.QUEUED, lease_until=None),
        jobs=begun.update(lease_until=at, attempts=F("attempts") - 1),
    )
