"""A background process shows that it consumes work by writing down when it last did."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import Heartbeat

# A worker that was silent for longer is not working.
SILENCE = timedelta(minutes=2)


def beat(name: str, *, at: datetime) -> None:
    Heartbeat.objects.update_or_create(name=name, defaults={"at": at})


def is_alive(name: str, *, at: datetime) -> bool:
    lately = Heartbeat.objects.filter(name=name, at__gt=at - SILENCE, at__lt=at + SILENCE)
    return lately.exists()


def last_beat(name: str) -> datetime | None:
    return Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()
