"""Lead times as people write and read them: 10 hari, 3 jam. Pure."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LEAD = re.compile(r"(\d{1,4})\s*(hari|jam|menit|days?|hours?|minutes?)", re.IGNORECASE)
LEAD_MINUTES = {"h": 60, "j": 60, "m": 1, "d": 1440}


def parse_leads(text: str) -> list[int]:
    """Minutes, longest first, from words in Indonesian or English."""
    minutes = set()
    for part in re.split(r"[,;]", text):
        found = LEAD.fullmatch(part.strip())
        if not found or not int(found[1]):
            raise ValidationError(
                _("Write lead times like: 10 days, 3 hours."), code="leads_unreadable"
            )
        word = found[2].lower()
        length = 1440 if word == "hari" else LEAD_MINUTES[word[0]]
        minutes.add(int(found[1]) * length)
    return sorted(minutes, reverse=True)


def show_leads(leads: list[int]) -> str:
    return ", ".join(show_lead(minutes) for minutes in leads)


def show_lead(minutes: int) -> str:
    for length, words in ((1440, _("%(n)d days")), (60, _("%(n)d hours"))):
        if minutes % length == 0:
            return str(words) % {"n": minutes // length}
    return str(_("%(n)d minutes")) % {"n": minutes}
