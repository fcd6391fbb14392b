"""Whom to ask: the same block on every page."""

from __future__ import annotations

import re
from dataclasses import dataclass

WHATSAPP = "https://wa.me/"


def international(phone: str) -> str:
    """0812... is written 62812...; of a number of another country only the digits stay."""
    return re.sub("^0", "62", re.sub(r"\D", "", phone))


@dataclass(frozen=True)
class Contact:
    name: str = ""
    email: str = ""
    phone: str = ""

    @property
    def whatsapp_url(self) -> str:
        """Empty without a number."""
        number = international(self.phone)
        return f"{WHATSAPP}{number}" if number else ""

    @property
    def is_known(self) -> bool:
        return bool(self.email or self.phone)
