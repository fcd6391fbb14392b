"""Drawn codes: digits and capitals that nobody mistakes for one another on paper."""

from __future__ import annotations

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def draw_code(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _position in range(length))
