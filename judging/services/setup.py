from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from judging.models import Criterion, Stage
from judging.panels import IDLE, kinds_for
from judging.services.locks import lock_setup

LAW_FIELDS = (
    "name",
    "kind",
    "scored_on",
    "scale_min",
    "scale_max",
    "scale_step",
    "method",
    "method_parameter",
    "cap_rounds",
    "correction",
    "rounding_step",
    "min_readings",
    "readings",
    "rank_style",
    "tie_margin",
    "tie_break",
    "at_line",
    "spread_by",
    "spread_limit",
    "advance_count",
    "stage_weights",
    "second_look_readings",
    "second_look_entries",
    "second_look_gap",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionTerms:
    key: str
    label: str
    weight: Decimal
    label_en: str = ""
    help_text: str = ""
    section_key: str = ""
    levels: Sequence[Mapping[str, str]] = field(default_factory=list)


@transaction.atomic
def change_stage(
    stage: Stage,
    *,
    law: Mapping[str, object],
    criteria: Sequence[CriterionTerms],
    version: int,
    by: User,
    at: datetime,
) -> Stage:
    """Rewrite law and rubric while the stage is being set up.

    A law that contradicts itself may be kept as work in progress; it cannot be opened.
    """
    locked = lock_setup(stage)
    if locked.version != version:
        raise ValidationError(
            _("Somebody else changed the stage. Reload the page to see the present state."),
            code="stale",
        )
    if unknown := set(law) - set(LAW_FIELDS):
        raise TypeError(unknown)
    for name, value in law.items():
        setattr(locked, name, value)
    locked.version += 1
    locked.full_clean(exclude={"competition", "round"})
    if locked.panel.exclude(kind__in=kinds_for(locked.kind)).exists():
        raise ValidationError({"kind": IDLE})
    locked.save(update_fields=[*law, "version"])
    _replace_criteria(locked, criteria)
    record(by, "stage.changed", locked, at=at, law={k: str(v) for k, v in law.items()})
    return locked


def _replace_criteria(stage: Stage, criteria: Sequence[CriterionTerms]) -> None:
    stage.criteria.exclude(key__in=[terms.key for terms in criteria]).delete()
    for order, terms in enumerate(criteria):
        criterion = stage.criteria.filter(key=terms.key).first() or Criterion(stage=stage)
        for name, value in asdict(terms).items():
            setattr(criterion, name, value)
        criterion.order = order
        criterion.full_clean()
        criterion.save()
