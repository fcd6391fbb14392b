"""What a second press of a button would make: a row that says the same as one that is there."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

TWICE = _("Exactly the same stands here already. Nothing was added a second time.")


def refuse_twin(row: Model, *, among: QuerySet[Any], apart_from: Collection[str]) -> None:
    """Hold what keeps others from adding to `among`; the fields `apart_from` do not count."""
    same = Q()
    for field in row._meta.concrete_fields:
        if not field.primary_key and field.name not in apart_from:
            value = getattr(row, field.attname)
            name = field.attname if value is not None else f"{field.attname}__isnull"
            same &= Q(**{name: True if value is None else value})
    if among.filter(same).exists():
        raise ValidationError(TWICE, code="twice")
