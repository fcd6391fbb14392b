"""Send what the outbox promised: at least once, at most one extra copy per crash, never lost.

A sender leases rows in one transaction, talks SMTP outside any, and marks each row in another.
Killed in between, the lease runs out and the next sender sends again under the same Message-ID.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from enum import Enum, auto

import structlog
from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, Q

from accounts.channels import ROUTES, NotTakenError, Route, channel_of
from accounts.digests import Wanted, gather_due, why_not
from accounts.hosts import BREAKS, ENOUGH
from accounts.models import Delivery, Message

LEASE = timedelta(seconds=60)
BATCH = 20
# How long one answer about who still needs a mail holds for the rest of the batch.
FRESH = timedelta(seconds=5)
# Waits between attempts; the last one repeats. A mail that failed for a week is given up.
BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60))
MAX_ATTEMPTS = 150
MINUTE = timedelta(minutes=1)

Status, Channel = Message.Status, Message.Channel
log = structlog.get_logger(__name__)


class Outcome(Enum):
    SENT = auto()
    DROPPED = auto()
    REFUSED = auto()
    UNREACHABLE = auto()


def deliver_due(*, clock: Callable[[], datetime], wanted_among: Wanted) -> int:
    """Send everything that is due and return how many messages went out.

    `wanted_among` is asked just before mails are sent: whoever has finished meanwhile gets none.
    It is asked again when a slow mail server has held us up, and the clock is read again.
    """
    gather_due(at=clock(), wanted_among=wanted_among)
    sent = 0
    while batch := lease_due(at=clock()):
        sent += _deliver_batch(batch, clock=clock, wanted_among=wanted_among)
    return sent


@transaction.atomic
def lease_due(*, at: datetime) -> list[Message]:
    """Take due rows that no other sender holds: up to `BATCH`, or what this minute still allows."""
    room = _room(at)
    if room < 1:
        return []
    rows = Message.objects.due_at(at).select_related("recipient__reception")
    held = rows.order_by("due_at", "pk").select_for_update(skip_locked=True, of=("self",))
    batch = list(held[:room])
    Message.objects.filter(pk__in=[message.pk for message in batch]).update(
        status=Status.SENDING, lease_until=at + LEASE, attempts=F("attempts") + 1
    )
    for message in batch:
        message.attempts += 1
        message.lease_until = at + LEASE
        message.to_email = _address_of(message)
    return batch


def _address_of(message: Message) -> str:
    """A token goes to the account's own address and to no other."""
    chosen = getattr(message.recipient, "reception", None)
    other = chosen.address if chosen and not message.is_secret else ""
    return other or message.to_email


def deliver(
    message: Message, *, connection: BaseEmailBackend, at: datetime, wanted: set[int]
) -> Outcome:
    """Send one leased row and write down what came of it."""
    if not _renew_lease(message, at=at):
        return Outcome.DROPPED
    if reason := why_not(message, at=at, wanted=wanted):
        _close(message, Status.EXPIRED, reason=reason)
        return Outcome.DROPPED
    channel = channel_of(message, at=at)
    if channel == Channel.DAILY:
        _keep_for_digest(message, at=at)
        return Outcome.DROPPED
    return _hand_over(message, channel, connection=connection, at=at)


def _keep_for_digest(message: Message, *, at: datetime) -> None:
    due_at = message.recipient.reception.next_digest(at)  # type: ignore[union-attr]
    Message.objects.filter(pk=message.pk, status=Status.SENDING).update(
        status=Status.QUEUED, channel=Channel.DAILY, due_at=due_at, lease_until=None, attempts=0
    )


def _hand_over(
    message: Message, channel: str, *, connection: BaseEmailBackend, at: datetime
) -> Outcome:
    route = ROUTES[channel]
    try:
        route.hand_over(message, connection=connection, at=at)
    except NotTakenError as refusal:
        if route.instead and _goes_instead(message, route, refusal, at=at):
            log.warning("goes_instead", channel=channel, instead=route.instead, error=str(refusal))
            return _hand_over(message, route.instead, connection=connection, at=at)
        _put_back(message, at=at, refusal=refusal)
        return Outcome.UNREACHABLE if refusal.is_silent else Outcome.REFUSED
    _close(message, Status.SENT, sent_at=at, channel=channel)
    return Outcome.DROPPED if channel == Channel.PORTAL else Outcome.SENT


def _goes_instead(message: Message, route: Route, refusal: NotTakenError, *, at: datetime) -> bool:
    """Nobody goes without a reminder because somebody else's machine does not answer."""
    again_at = refusal.until or at + wait_after(message.attempts)
    is_late = message.expires_at is not None and again_at >= message.expires_at
    return refusal.is_final or is_late or at - message.created_at >= route.patience


def hold_delivery() -> Delivery:
    """The one row under the lock of who changes it."""
    return Delivery.objects.select_for_update().get_or_create(pk=1)[0]


def _deliver_batch(
    batch: list[Message], *, clock: Callable[[], datetime], wanted_among: Wanted
) -> int:
    connection = get_connection()
    sent = failures = 0
    wanted, asked_at = wanted_among(batch), clock()
    for place, message in enumerate(batch, start=1):
        at = clock()
        if at - asked_at > FRESH:
            wanted, asked_at = wanted_among(batch[place - 1 :]), at
        outcome = deliver(message, connection=connection, at=at, wanted=wanted)
        sent += outcome is Outcome.SENT
        failures = failures + 1 if outcome is Outcome.UNREACHABLE else 0
        if failures == ENOUGH:
            _give_back(batch[place:])
            _leave_alone(at=clock())
            break
    connection.close()
    if sent:
        Delivery.objects.filter(failures__gt=0).update(failures=0, resume_at=None)
    return sent


def _room(at: datetime) -> int:
    """How many mails may be taken now."""
    if not settings.MAIL_PER_MINUTE:
        held = Delivery.objects.first()
        return 0 if held and held.is_held_at(at) else BATCH
    if hold_delivery().is_held_at(at):  # the lock: two senders may not both take what is left
        return 0
    sent = Q(status=Status.SENT, sent_at__gt=at - MINUTE, sent_at__lt=at + MINUTE)
    recent = sent | Q(status=Status.SENDING)
    return min(BATCH, settings.MAIL_PER_MINUTE - Message.objects.filter(recent).count())


def _give_back(messages: Iterable[Message]) -> None:
    """They were not tried: it is no attempt, and another sender may have taken them by now."""
    for message in messages:
        Message.objects.filter(
            pk=message.pk, status=Status.SENDING, lease_until=message.lease_until
        ).update(status=Status.QUEUED, lease_until=None, attempts=F("attempts") - 1)


@transaction.atomic
def _leave_alone(*, at: datetime) -> None:
    held = hold_delivery()
    held.failures += 1
    held.resume_at = at + BREAKS[min(held.failures, len(BREAKS)) - 1]
    held.save(update_fields=["failures", "resume_at"])
    log.warning("mail_server_left_alone", host=settings.EMAIL_HOST, until=str(held.resume_at))


def _renew_lease(message: Message, *, at: datetime) -> bool:
    """Whether the row is still ours: behind a slow mail server another sender may have taken it."""
    ours = Message.objects.filter(
        pk=message.pk, status=Status.SENDING, lease_until=message.lease_until
    )
    message.lease_until = at + LEASE
    return bool(ours.update(lease_until=message.lease_until))


def _close(message: Message, status: str, **fields: object) -> None:
    if message.is_secret:
        fields |= {"text": "", "html": ""}
    Message.objects.filter(pk=message.pk, status=Status.SENDING).update(
        status=status, lease_until=None, last_error="", to_email=message.to_email, **fields
    )


def _put_back(message: Message, *, at: datetime, refusal: NotTakenError) -> None:
    """What was not even tried, for the sake of its host, loses no attempt."""
    is_over = refusal.is_final or message.attempts >= MAX_ATTEMPTS
    jitter = random.uniform(1, 1.2)  # noqa: S311 - spreads load, guards nothing
    Message.objects.filter(pk=message.pk, status=Status.SENDING).update(
        status=Status.FAILED if is_over else Status.QUEUED,
        due_at=refusal.until or at + wait_after(message.attempts) * jitter,
        attempts=message.attempts - bool(refusal.until),
        to_email=message.to_email,
        last_error=str(refusal),
    )


def wait_after(attempts: int) -> timedelta:
    return BACKOFF[min(attempts, len(BACKOFF)) - 1]
