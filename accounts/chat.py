"""A gateway that hands messages to a chat such as WhatsApp: one POST of JSON for each.

It is the operator's (`CHAT_GATEWAY_URL`), speaks to whatever service the government uses, and may
recognise a copy by its `id`.
"""

from __future__ import annotations

import json
from contextlib import closing
from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import quote, urlsplit

from django.conf import settings

from kipp.lib.contact import WHATSAPP, international

SECONDS = 10
LONGEST = 4000


def is_ready() -> bool:
    """A copy of the portal whose mail goes to one address writes to nobody's phone."""
    return bool(settings.CHAT_GATEWAY_URL) and not settings.MAIL_ONLY_TO


def send_chat(phone: str, text: str, *, key: str) -> int:
    """What the gateway answered."""
    parts = urlsplit(settings.CHAT_GATEWAY_URL)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    body = json.dumps({"id": key, "to": international(phone), "text": text[:LONGEST]})
    headers = {
        "Authorization": f"Bearer {settings.CHAT_GATEWAY_TOKEN}",
        "Content-Type": "application/json",
    }
    with closing(kind(parts.netloc, timeout=SECONDS)) as connection:
        connection.request("POST", parts.path or "/", body=body, headers=headers)
        return connection.getresponse().status


def chat_address(phone: str, text: str) -> str:
    """A message with its text filled in, for a person to send; without a number it asks to whom."""
    return f"{WHATSAPP}{international(phone)}?text={quote(text)}"
