"""What is done once a night. A night that nobody was there for is made up for."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Protocol

from django.utils import timezone

from accounts.heartbeat import beat, last_beat


class Duty(Protocol):
    def __call__(self, *, at: datetime) -> int: ...


def once_a_night(name: str, duty: Duty, *, hour: time, at: datetime) -> int:
    """Do it if it was not done since the hour last came; what fails is tried again.

    Whatever a clock that ran ahead has noted does not count.
    """
    done = last_beat(name)
    if done is not None and last_time(hour, at=at) <= done <= at:
        return 0
    count = duty(at=at)
    beat(name, at=at)
    return count


def last_time(hour: time, *, at: datetime) -> datetime:
    """When the server's zone last had this hour."""
    local = timezone.localtime(at)
    tonight = local.replace(hour=hour.hour, minute=hour.minute, second=0, microsecond=0)
    return tonight if tonight <= local else tonight - timedelta(days=1)
