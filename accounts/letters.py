"""A message as a mail: text, HTML page and headers."""

from __future__ import annotations

import hashlib
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Message
from accounts.unsubscribing import choices_url, unsubscribe_url


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
    return f"<{digest}@{urlsplit(settings.SITE_URL).hostname}>"
