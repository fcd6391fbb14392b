"""The kinds of panels and what each may do. Pure."""

from __future__ import annotations

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PanelKind(TextChoices):
    DESK = "desk", _("Desk evaluators")
    INDEPENDENT = "independent", _("Independent panel")
    FIELD = "field", _("Field team")


class Power(StrEnum):
    """`SCORE`: fill in scorecards; `CHECK`: write down what was found on the spot."""

    SCORE = "score"
    CHECK = "check"


POWERS: dict[str, frozenset[Power]] = {
    PanelKind.DESK: frozenset({Power.SCORE}),
    PanelKind.INDEPENDENT: frozenset({Power.SCORE}),
    PanelKind.FIELD: frozenset({Power.CHECK}),
}
# Where the stage itself is a field verification, its field team gives the scores.
FIELD_STAGE = "field"
FIRST_KIND: dict[str, PanelKind] = {
    "desk": PanelKind.DESK,
    "presentation": PanelKind.INDEPENDENT,
    FIELD_STAGE: PanelKind.FIELD,
}


def powers_of(kind: str, *, stage_kind: str) -> frozenset[Power]:
    """What a seat on a panel of this kind may do in a stage of that kind."""
    if kind == PanelKind.FIELD and stage_kind == FIELD_STAGE:
        return POWERS[kind] | {Power.SCORE}
    return POWERS[kind]


def scoring_kinds(stage_kind: str) -> list[str]:
    return [
        kind.value for kind in PanelKind if Power.SCORE in powers_of(kind, stage_kind=stage_kind)
    ]
