"""The outbox: a mail is a row in the transaction of the move that it tells of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.conf import settings
from django.db import models
from django.template import Context
from django.template.loader import get_template
from django.utils import translation
from django.utils.html import escape

from accounts.audit import type_of
from accounts.models import Message, User
from accounts.topics import topic_of
from kipp.lib.markdown import render_markdown

# A character that no language uses: the blank for a reader's name in a mail to many.
NAME = "\ue000"
LONGEST_SUBJECT = 200
# What all mails of one draft share.
ALIKE = (
    "kind",
    "is_secret",
    "topic",
    "channel",
    "edition",
    "object_type",
    "object_id",
    "created_at",
    "due_at",
    "expires_at",
)
LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]*)\)")


def send_later(
    kind: str,
    to: User | str,
    *,
    dedupe_key: str,
    at: datetime,
    context: Mapping[str, object],
    about: models.Model | None = None,
    expires_at: datetime | None = None,
    is_secret: bool = False,
) -> Message:
    """Promise a mail. The same `dedupe_key` promises it once, however often this is called.

    The template `mail/KIND.md` is Markdown whose first line is the subject: it makes both the text
    and the HTML. `is_secret`: the text holds a token and is wiped once the mail is out.
    """
    mail = write_mail(
        kind,
        to,
        dedupe_key=dedupe_key,
        at=at,
        context=context,
        about=about,
        expires_at=expires_at,
        is_secret=is_secret,
    )
    promise([mail])
    return Message.objects.get(dedupe_key=dedupe_key)


def write_mail(
    kind: str,
    to: User | str,
    *,
    dedupe_key: str,
    at: datetime,
    context: Mapping[str, object],
    about: models.Model | None = None,
    expires_at: datetime | None = None,
    is_secret: bool = False,
) -> Message:
    """Compose a mail like `send_later`, for whoever then promises several at once.

    `competition` in the context says whose committee may follow it.
    """
    recipient = to if isinstance(to, User) else None
    address = to.email if isinstance(to, User) else to
    language = recipient.language if recipient else settings.LANGUAGE_CODE
    with translation.override(language):
        subject, text, html = compose(kind, {**context, "recipient": recipient})
    return Message(
        kind=kind,
        dedupe_key=dedupe_key,
        recipient=recipient,
        to_email=address,
        subject=subject,
        text=text,
        html=html,
        is_secret=is_secret,
        topic=topic_of(kind),
        edition=getattr(context.get("competition"), "pk", None),
        object_type=type_of(about) if about else "",
        object_id=str(about.pk) if about else "",
        created_at=at,
        due_at=at,
        expires_at=expires_at,
    )


def addressed(draft: Message, reader: User, *, dedupe_key: str) -> Message:
    """The mail to this reader: of a draft in whose words `NAME` stands for the full name."""
    name = " ".join(reader.full_name.split())
    return Message(
        **{field: getattr(draft, field) for field in ALIKE},
        dedupe_key=dedupe_key,
        recipient=reader,
        to_email=reader.email,
        subject=draft.subject.replace(NAME, name)[:LONGEST_SUBJECT],
        text=draft.text.replace(NAME, name),
        html=draft.html.replace(NAME, escape(name)),
    )


def promise(mails: Iterable[Message]) -> None:
    """In one statement; what was promised before under the same key stays as it was."""
    Message.objects.bulk_create(mails, ignore_conflicts=True)


def withdraw(about: models.Model, *, kind: str) -> None:
    """Hold back the mails of this kind about the object that have not gone out yet."""
    waiting = Message.objects.filter(
        kind=kind,
        object_type=type_of(about),
        object_id=str(about.pk),
        status=Message.Status.QUEUED,
    )
    waiting.filter(is_secret=True).update(text="", html="")
    waiting.update(status=Message.Status.EXPIRED, reason=Message.Reason.WITHDRAWN)


def compose(kind: str, context: Mapping[str, object]) -> tuple[str, str, str]:
    """Return subject, text and HTML. Words of people may format, but only our links stay links."""
    full = Context({**context, "site_url": settings.SITE_URL}, autoescape=False)
    source = get_template(f"mail/{kind}.md").template.render(full)  # type: ignore[attr-defined]
    subject, _newline, body = source.strip().partition("\n")
    plain = LINK.sub(r"\1: \2", body).replace("**", "")
    html = render_markdown(body, links_below=settings.SITE_URL)
    return " ".join(subject.split())[:LONGEST_SUBJECT], plain.strip(), html
