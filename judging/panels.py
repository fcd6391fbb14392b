"""The kinds of panels and where each may sit. Pure."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PanelKind(TextChoices):
    DESK = "desk", _("Desk evaluators")
    INDEPENDENT = "independent", _("Independent panel")
    FIELD = "field", _("Field team")


FIELD_STAGE = "field"
FIRST_KIND: dict[str, PanelKind] = {
    "desk": PanelKind.DESK,
    "presentation": PanelKind.INDEPENDENT,
    FIELD_STAGE: PanelKind.FIELD,
}
IDLE = _("A field team sits in a stage of field verification only: no other gives it entries.")


def kinds_for(stage_kind: str) -> list[PanelKind]:
    """All of them score; a field team also writes down what it found on the spot."""
    is_field = stage_kind == FIELD_STAGE
    return [kind for kind in PanelKind if is_field or kind is not PanelKind.FIELD]
