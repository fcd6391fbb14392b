"""The webhook of a competition: one signed POST of JSON for each message.

Headers and signature are those of Standard Webhooks (standardwebhooks.com): HMAC-SHA256 over id,
seconds and body. The seconds in the signature are what a receiver refuses old copies by.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings

from accounts.models import Hook, Message
from kipp.lib.probing import send_outside

PREFIX = "whsec_"


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def sign(secret: str, *, key: str, seconds: int, body: bytes) -> str:
    raw = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{key}.{seconds}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(raw, signed, hashlib.sha256)).decode()


def post(hook: Hook, message: Message, *, key: str, at: datetime) -> int:
    """What the receiver answered. The key stays the same for each copy."""
    seconds = int(at.timestamp())
    body = json.dumps(as_event(message), ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json",
        "webhook-id": key,
        "webhook-timestamp": str(seconds),
        "webhook-signature": sign(hook.secret, key=key, seconds=seconds, body=body),
    }
    return send_outside(urlsplit(hook.url), body=body, headers=headers, local=settings.LOCAL_HOSTS)


def as_event(message: Message) -> dict[str, object]:
    person = message.recipient
    return {
        "type": message.kind,
        "timestamp": message.created_at.isoformat(),
        "data": {
            "to": {
                "email": message.to_email,
                "name": person.full_name if person else "",
                "phone": person.phone if person else "",
            },
            "subject": message.subject,
            "text": message.text,
            "expires_at": message.expires_at.isoformat() if message.expires_at else None,
        },
    }
