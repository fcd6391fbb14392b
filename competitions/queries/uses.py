"""What would be lost or contradicted if the definition changed now."""

from __future__ import annotations

from django.utils.translation import gettext as _

from competitions.models import Attendee, Competition, Extension, Material, Reminder


def uses_of(competition: Competition) -> list[str]:
    """What refers to the definition, in words; empty: it may be replaced."""
    uses = {
        _("people signed up for the workshop"): Attendee.objects.filter(
            workshop__round__competition=competition
        ),
        _("workshop materials"): Material.objects.filter(workshop__round__competition=competition),
        _("extensions"): Extension.objects.filter(round__competition=competition),
        _("reminders that went out"): Reminder.objects.filter(rule__round__competition=competition),
    }
    return [name for name, rows in uses.items() if rows.exists()]
