"""Whom to ask: the same block on every page."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Contact:
    name: str = ""
    email: str = ""
    phone: str = ""

    @property
    def whatsapp_url(self) -> str:
        """Empty without a number; a leading 0 is Indonesia's trunk prefix."""
        digits = re.sub(r"\D", "", self.phone)
        return f"https://wa.me/{re.sub('^0', '62', digits)}" if digits else ""

    @property
    def is_known(self) -> bool:
        return bool(self.email or self.phone)
