"""The way out that stands in a mail: it knows its reader and what it ends, and nothing else."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.urls import reverse

from accounts.topics import Topic

SALT = "accounts.unsubscribe"


def unsubscribe_url(user_id: int, *, topic: str) -> str:
    token = signing.dumps([user_id, topic], salt=SALT)
    return f"{settings.SITE_URL}{reverse('accounts:unsubscribe', args=[token])}"


def choices_url() -> str:
    return f"{settings.SITE_URL}{reverse('accounts:reception-edit')}"


def read_token(token: str) -> tuple[int, Topic] | None:
    """Whose mail and which topic; None for what we have not signed."""
    try:
        user_id, topic = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return int(user_id), Topic(topic)
