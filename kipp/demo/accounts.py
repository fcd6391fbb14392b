"""The roles that one click enters in the demo. Their people come from the demo's content."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kipp.demo.content import load_people

ADMIN_EMAIL = "admin@demo.example"
PASSWORD = "demo-kipp-malang"  # noqa: S105 - the demonstration's own, printed at its start


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """`key` is the role of a person in people.toml; the system administrator is no person."""

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

# The unit in the middle of things: a puskesmas and the agency above it.
EXAMPLES = frozenset({"pkm-janti", "dinkes"})


def email_of(key: str) -> str | None:
    """The address of the person that a one-click login stands for."""
    if key == "admin":
        return ADMIN_EMAIL
    chosen = [person for person in load_people() if person.role == key]
    example = next((one for one in chosen if one.unit in EXAMPLES), None)
    return (example or chosen[0]).email if chosen else None
