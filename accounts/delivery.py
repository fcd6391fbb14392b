"""Send what the outbox promised: at least once, at most one extra copy per crash, never lost.

A sender leases rows in one transaction, talks SMTP outside any, and marks each row in another.
Killed in between, the lease runs out and the next sender sends again under the same Message-ID.
"""

from __future__ import annotations

import hashlib
import random
import smtplib
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from enum import Enum, auto

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts import chat
from accounts.digests import gather_due, why_not
from accounts.models import Delivery, Message
from accounts.topics import Way
from accounts.unsubscribing import choices_url, unsubscribe_url

LEASE = timedelta(seconds=60)
BATCH = 20
# Waits between attempts; the last one repeats. A mail that failed for a week is given up.
BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60))
MAX_ATTEMPTS = 150
# So many mails on end that the server would not even take: it is left alone, longer each time.
ENOUGH = 2
BREAKS = tuple(timedelta(seconds=seconds) for seconds in (30, 60, 120, 300))
MINUTE = timedelta(minutes=1)

Status = Message.Status
log = structlog.get_logger(__name__)


class Outcome(Enum):
    SENT = auto()
    DROPPED = auto()
    REFUSED = auto()
    UNREACHABLE = auto()


def deliver_due(*, clock: Callable[[], datetime], is_wanted: Callable[[Message], bool]) -> int:
    """Send everything that is due and return how many mails went out.

    `is_wanted` is asked just before a mail is sent: whoever has finished meanwhile gets none. The
    clock is read again for each batch, because a slow mail server may hold us for minutes.
    """
    gather_due(at=clock(), is_wanted=is_wanted)
    sent = 0
    while batch := lease_due(at=clock()):
        sent += _deliver_batch(batch, clock=clock, is_wanted=is_wanted)
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
    message: Message,
    *,
    connection: BaseEmailBackend,
    at: datetime,
    is_wanted: Callable[[Message], bool],
) -> Outcome:
    """Send one leased row and write down what came of it."""
    if not _renew_lease(message, at=at):
        return Outcome.DROPPED
    if reason := why_not(message, at=at, is_wanted=is_wanted):
        _close(message, Status.EXPIRED, reason=reason)
        return Outcome.DROPPED
    if _is_turned_aside(message, at=at):
        return Outcome.DROPPED
    return _send_mail(message, connection=connection, at=at)


def _is_turned_aside(message: Message, *, at: datetime) -> bool:
    """Whether it goes another way than by a mail of its own: as its reader wishes at this moment.

    What would be useless by the hour of the daily mail goes out at once.
    """
    if message.channel == Message.Channel.PORTAL:
        _close(message, Status.SENT, sent_at=at)
        return True
    chosen = getattr(message.recipient, "reception", None)
    way = chosen.way_of(message.topic) if chosen else Way.NOW
    if chosen is None or way == Way.NOW:
        return False
    if way == Way.PORTAL:
        _close(message, Status.SENT, sent_at=at, channel=Message.Channel.PORTAL)
        return True
    if way == Way.CHAT:
        return _is_taken_by_chat(message, at=at)
    due_at = chosen.next_digest(at)
    if message.expires_at and message.expires_at <= due_at:
        return False
    waits = {"status": Status.QUEUED, "channel": Message.Channel.DAILY, "due_at": due_at}
    Message.objects.filter(pk=message.pk, status=Status.SENDING).update(
        lease_until=None, attempts=0, **waits
    )
    return True


def _is_taken_by_chat(message: Message, *, at: datetime) -> bool:
    """What the gateway does not take goes out as a mail at once."""
    phone = message.recipient.phone if message.recipient else ""
    if not phone or not chat.is_ready():
        return False
    try:
        chat.send_chat(
            phone, f"{message.subject}\n\n{message.text}", key=message_id(message).strip("<>")
        )
    except chat.NotTakenError as error:
        log.warning("chat_not_taken", error=str(error))
        return False
    _close(message, Status.SENT, sent_at=at, channel=Message.Channel.CHAT)
    return True


def _send_mail(message: Message, *, connection: BaseEmailBackend, at: datetime) -> Outcome:
    try:
        as_mail(message, connection=connection).send()
    except smtplib.SMTPRecipientsRefused as error:
        _put_back(message, at=at, error=error, is_final=_is_permanent(error))
    except ValueError as error:  # no address or header that a mail can carry
        _put_back(message, at=at, error=error, is_final=True)
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
        _put_back(message, at=at, error=error, is_final=False)
    except (smtplib.SMTPException, OSError) as error:
        _put_back(message, at=at, error=error, is_final=False)
        return Outcome.UNREACHABLE
    else:
        _close(message, Status.SENT, sent_at=at)
        return Outcome.SENT
    return Outcome.REFUSED


def as_mail(
    message: Message, *, connection: BaseEmailBackend | None = None
) -> EmailMultiAlternatives:
    """Build the mail. Its Message-ID follows from the dedupe key, so that copies are recognised."""
    text, html = message.text, message.html
    language = message.recipient.language if message.recipient else settings.LANGUAGE_CODE
    with override(language):
        if message.attempts > 1:
            note = _("If you have received this mail already, please ignore this copy.")
            text, html = f"{text}\n\n{note}", f"{html}<p>{note}</p>"
        if message.topic:
            text = f"{text}\n\n{_('Choose how you are told')}: {choices_url()}"
        page = render_to_string(
            "mail/page.html",
            {
                "choices_url": choices_url() if message.topic else "",
                "subject": message.subject,
                "body": SafeString(html),  # made by render_markdown
                "portal": settings.PORTAL,
                "site_url": settings.SITE_URL,
            },
        )
    is_rehearsal = bool(settings.MAIL_ONLY_TO)
    mail = EmailMultiAlternatives(
        subject=f"[{message.to_email}] {message.subject}" if is_rehearsal else message.subject,
        body=text,
        to=[settings.MAIL_ONLY_TO or message.to_email],
        connection=connection,
        headers=_headers(message),
    )
    mail.attach_alternative(page, "text/html")
    return mail


def _headers(message: Message) -> dict[str, str]:
    headers = {"Message-ID": message_id(message), "Auto-Submitted": "auto-generated"}
    if message.topic and message.recipient_id:
        url = unsubscribe_url(message.recipient_id, topic=message.topic)
        headers |= {
            "List-Unsubscribe": f"<{url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    return headers


def message_id(message: Message) -> str:
    digest = hashlib.sha256(message.dedupe_key.encode()).hexdigest()[:40]
    return f"<{digest}@{settings.SITE_URL.split('://')[1].split(':')[0].split('/')[0]}>"


def hold_delivery() -> Delivery:
    """The one row under the lock of who changes it."""
    return Delivery.objects.select_for_update().get_or_create(pk=1)[0]


def _deliver_batch(
    batch: list[Message],
    *,
    clock: Callable[[], datetime],
    is_wanted: Callable[[Message], bool],
) -> int:
    connection = get_connection()
    sent = failures = 0
    for place, message in enumerate(batch, start=1):
        outcome = deliver(message, connection=connection, at=clock(), is_wanted=is_wanted)
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
    recent = Q(status=Status.SENT, sent_at__gt=at - MINUTE) | Q(status=Status.SENDING)
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


def _put_back(message: Message, *, at: datetime, error: Exception, is_final: bool) -> None:
    wait = BACKOFF[min(message.attempts, len(BACKOFF)) - 1]
    jitter = wait * random.uniform(0, 0.2)  # noqa: S311 - spreads load, guards nothing
    is_over = is_final or message.attempts >= MAX_ATTEMPTS
    Message.objects.filter(pk=message.pk, status=Status.SENDING).update(
        status=Status.FAILED if is_over else Status.QUEUED,
        lease_until=None,
        due_at=at + wait + jitter,
        to_email=message.to_email,
        last_error=f"{type(error).__name__}: {error}"[:500],
    )


def _is_permanent(error: smtplib.SMTPRecipientsRefused) -> bool:
    return all(500 <= code < 600 for code, _text in error.recipients.values())
