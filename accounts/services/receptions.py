"""How a person is told, and what the person has read."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Message, Reception, User
from accounts.topics import Topic, Way

CHOOSABLE = (Topic.DEADLINES, Topic.PROGRESS)


def choose_reception(
    person: User, *, deadlines: str, progress: str, digest_hour: int, time_zone: str, address: str
) -> None:
    Reception.objects.update_or_create(
        user=person,
        defaults={
            "deadlines": deadlines,
            "progress": progress,
            "digest_hour": digest_hour,
            "time_zone": time_zone,
            "address": address,
        },
    )


@transaction.atomic
def decline_mail(person: User, *, topic: str) -> None:
    """No more mails of this topic; the daily mail ends with all that it could hold."""
    topics = CHOOSABLE if topic == Topic.DIGEST else (Topic(topic),)
    if not set(topics) <= set(CHOOSABLE):
        raise ValidationError(_("These mails are required."), code="required")
    ways = {name.value: Way.PORTAL for name in topics}
    Reception.objects.update_or_create(user=person, defaults=ways)


def mark_read(person: User, *, at: datetime, pk: int | None = None) -> int:
    """One notice, or all that there are."""
    unread = Message.objects.in_inbox_of(person).filter(read_at=None)
    return (unread if pk is None else unread.filter(pk=pk)).update(read_at=at)
