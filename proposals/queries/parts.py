"""The parts of a proposal that a completion may open, with the names that people read."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from proposals.models import Proposal

HEADER_PARTS: Mapping[str, str | Promise] = MappingProxyType(
    {
        "header:title": _("Title"),
        "header:category": _("Category"),
        "header:started_on": _("Implemented since"),
        "header:video_url": _("Video link"),
        "header:sdgs": _("Sustainable development goals"),
    }
)


LIST_PARTS: Mapping[str, str | Promise] = MappingProxyType(
    {"list:member": _("Team"), "list:claim": _("Impact in figures")}
)


def parts_of(proposal: Proposal) -> dict[str, str]:
    """Targets in the order of the page, with their labels."""
    parts = {target: str(label) for target, label in HEADER_PARTS.items()}
    parts |= {target: str(label) for target, label in LIST_PARTS.items()}
    for section in proposal.track.sections.all():
        parts[f"section:{section.key}"] = section.shown_label
    for slot in proposal.track.slots.all():
        parts[f"slot:{slot.key}"] = slot.label
    return parts
