"""The audit trail in words, for the history panel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditEntry

Words = Mapping[str, str | Promise]

WORDS: Words = {
    "unit.created": _("Unit entered"),
    "unit.changed": _("Unit described anew"),
    "unit.moved": _("Unit moved under another one"),
    "unit.ended": _("Unit ended"),
    "unit.succeeded": _("Continued by %(name)s"),
    "unit.deputy_named": _("Deputy named until %(until)s: %(name)s"),
    "unit.deputy_revoked": _("Deputy taken back: %(name)s"),
    "membership.granted": _("Role given"),
    "membership.ended": _("Role ended"),
    "invitation.sent": _("Invitation sent"),
    "invitation.resent": _("Invitation sent again"),
    "invitation.revoked": _("Invitation revoked"),
    "invitation.accepted": _("Invitation accepted"),
    "user.registered": _("Person entered"),
    "user.address_corrected": _("Address corrected, undelivered mails sent again"),
    "user.profile_changed": _("Profile changed"),
    "user.deactivated": _("Account closed"),
    "user.reactivated": _("Account opened again"),
    "user.erased": _("Person erased"),
    "user.mfa_required": _("Second factor required"),
    "user.mfa_reset": _("Second factor reset"),
    "import.applied": _("Sheet imported"),
}


# What an act says in `via` that nobody did in the portal.
COMMAND = "command"


@dataclass(frozen=True, slots=True)
class Line:
    """What `components/history.html` draws."""

    text: str
    at: datetime
    by: str = ""
    note: str = ""


def as_lines(
    entries: Iterable[AuditEntry],
    *,
    words: Words = WORDS,
    names: Mapping[tuple[str, str], str] = MappingProxyType({}),
    noted: str = "",
) -> list[Line]:
    """An action without a word shows its own name, so that nothing is ever left out.

    Words may name facts of the entry, as in `Added: %(name)s`. `names`, by type and id, says of
    which of several objects a line speaks. `noted` is the fact that stands in for a reason.
    """
    return [
        Line(
            text=": ".join(filter(None, (_words_of(entry, words), names.get(_subject(entry))))),
            at=entry.at,
            by=str(entry.actor or _way_of(entry)),
            note=entry.reason or str(entry.data.get(noted, "")),
        )
        for entry in entries
    ]


def _way_of(entry: AuditEntry) -> str:
    return gettext("System administrator, by command") if entry.data.get("via") == COMMAND else ""


def _words_of(entry: AuditEntry, words: Words) -> str:
    found = words.get(entry.action)
    return str(found) % entry.data if found else entry.action


def _subject(entry: AuditEntry) -> tuple[str, str]:
    return entry.object_type, entry.object_id
