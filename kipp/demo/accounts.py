"""The roles that one click enters in the demo. Their people come from the demo's content."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ADMIN_EMAIL = "admin@demo.example"
PASSWORD = "demo-kipp-malang"  # noqa: S105 - the demonstration's own, printed at its start


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """`role` and `unit` pick the person in people.toml; the system administrator is no person."""

    key: str
    label: str | Promise
    hint: str | Promise
    icon: str


LOGINS = (
    DemoLogin("author", _("Author"), _("writes for Puskesmas Janti"), "pencil"),
    DemoLogin("endorser", _("Endorser"), _("endorses for Dinas Kesehatan"), "shield-check"),
    DemoLogin("organizer", _("Organizer"), _("runs the competition"), "clipboard"),
    DemoLogin("chair", _("Chair"), _("leads the committee, releases results"), "people"),
    DemoLogin("auditor", _("Auditor"), _("sees everything, changes nothing"), "eye"),
    DemoLogin("judge", _("Judge"), _("reads and scores"), "star-fill"),
    DemoLogin("admin", _("System administrator"), _("supports accounts"), "key"),
)
