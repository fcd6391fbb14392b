"""The ways out of the portal: a table of channel and function, each of one shape.

A channel returns once the other side has taken the message and raises `NotTakenError` otherwise.
What the database knows about a message is no concern of a channel: `accounts.delivery` leases,
waits, gives up and writes down.
"""

from __future__ import annotations

import smtplib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.client import HTTPException
from types import MappingProxyType
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend

from accounts import chat, hooks
from accounts.hosts import leave_alone, resting_until, trust_again
from accounts.letters import as_mail, message_id
from accounts.models import Hook, Message
from accounts.topics import Way
from kipp.lib.probing import ForbiddenAddressError

Channel = Message.Channel


class NotTakenError(Exception):
    """`is_final`: the next attempt would end the same. `is_silent`: nobody answered at all.

    `until`: it was not even tried, because its host is left alone until then.
    """

    def __init__(
        self,
        reason: object,
        *,
        is_final: bool = False,
        is_silent: bool = False,
        until: datetime | None = None,
    ) -> None:
        name = f"{type(reason).__name__}: " if isinstance(reason, Exception) else ""
        super().__init__(f"{name}{reason}"[:500])
        self.is_final = is_final
        self.is_silent = is_silent
        self.until = until


class HandOver(Protocol):
    def __call__(self, message: Message, *, connection: BaseEmailBackend, at: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class Route:
    """`instead` takes over what has not been taken after `patience`, or before it is too late."""

    hand_over: HandOver
    patience: timedelta = timedelta.max
    instead: str = ""


def channel_of(message: Message, *, at: datetime) -> str:
    """The way that its sender prescribed, else the one that its reader wants at this moment.

    What would be useless by the hour of the daily mail goes out at once.
    """
    chosen = getattr(message.recipient, "reception", None)
    if message.channel != Channel.MAIL or chosen is None:
        return message.channel
    channel = BY_WAY[chosen.way_of(message.topic)]
    if channel == Channel.DAILY and message.expires_at:
        return Channel.DAILY if message.expires_at > chosen.next_digest(at) else Channel.MAIL
    return channel


def by_mail(message: Message, *, connection: BaseEmailBackend, at: datetime) -> None:
    try:
        as_mail(message, connection=connection).send()
    except smtplib.SMTPRecipientsRefused as error:
        raise NotTakenError(error, is_final=_is_permanent(error)) from error
    except ValueError as error:  # no address or header that a mail can carry
        raise NotTakenError(error, is_final=True) from error
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
        raise NotTakenError(error) from error
    except (smtplib.SMTPException, OSError) as error:
        raise NotTakenError(error, is_silent=True) from error


def in_portal(message: Message, *, connection: BaseEmailBackend, at: datetime) -> None:
    """Its row is the notice: nothing leaves the portal."""


def by_chat(message: Message, *, connection: BaseEmailBackend, at: datetime) -> None:
    phone = message.recipient.phone if message.recipient else ""
    if not phone or not chat.is_ready():
        raise NotTakenError("no number, or no gateway", is_final=True)
    with _answering(urlsplit(settings.CHAT_GATEWAY_URL).netloc, at=at):
        status = chat.send_chat(phone, f"{message.subject}\n\n{message.text}", key=_key(message))
    _require_taken(status)


def by_hook(message: Message, *, connection: BaseEmailBackend, at: datetime) -> None:
    hook = Hook.objects.filter(edition=message.edition or 0).first()
    if hook is None or settings.MAIL_ONLY_TO:
        raise NotTakenError("no webhook", is_final=True)
    with _answering(hook.host, at=at):
        status = hooks.post(hook, message, key=_key(message), at=at)
    _require_taken(status)


ROUTES: Mapping[str, Route] = MappingProxyType(
    {
        Channel.MAIL: Route(by_mail),
        Channel.PORTAL: Route(in_portal),
        Channel.CHAT: Route(by_chat, patience=timedelta(0), instead=Channel.MAIL),
        Channel.HOOK: Route(by_hook, patience=timedelta(minutes=30), instead=Channel.MAIL),
    }
)
BY_WAY: Mapping[str, str] = MappingProxyType(
    {
        Way.NOW: Channel.MAIL,
        Way.DAILY: Channel.DAILY,
        Way.PORTAL: Channel.PORTAL,
        Way.CHAT: Channel.CHAT,
    }
)


@contextmanager
def _answering(host: str, *, at: datetime) -> Iterator[None]:
    """One breaker for each host: who does not answer is left alone, and costs nobody time."""
    if until := resting_until(host, at=at):
        raise NotTakenError(f"{host} is left alone until {until:%H:%M} UTC", until=until)
    try:
        yield
    except (ForbiddenAddressError, ValueError) as error:
        raise NotTakenError(error, is_final=True) from error
    except (OSError, HTTPException) as error:
        leave_alone(host, at=at)
        raise NotTakenError(error) from error
    trust_again(host)


def _require_taken(status: int) -> None:
    """408, 425 and 429 ask for patience, 5xx for repair; everything else will not change."""
    if not 200 <= status < 300:
        is_final = status < 500 and status not in {408, 425, 429}
        raise NotTakenError(f"answered {status}", is_final=is_final)


def _key(message: Message) -> str:
    return message_id(message).strip("<>")


def _is_permanent(error: smtplib.SMTPRecipientsRefused) -> bool:
    return all(500 <= code < 600 for code, _text in error.recipients.values())
