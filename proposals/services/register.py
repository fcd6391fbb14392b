"""The register of innovations: what exists and what it has won, also outside this portal."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from accounts.audit import record
from accounts.models import Unit, User
from proposals.models import EarlierAward, Innovation
from proposals.services.drafting import one_line
from proposals.services.fingerprints import imprint_register


class Past(NamedTuple):
    """What an innovation won once; the year is None where no source says."""

    contest: str
    level: str
    year: int | None
    tier: str


@transaction.atomic
def register_past_innovation(
    unit: Unit | None,
    *,
    title: str,
    by: User,
    at: datetime,
    expansion: str = "",
    sector: str = "",
    awards: Sequence[Past] = (),
) -> Innovation:
    """Enter an innovation from the records; its unit is None when it is unknown or not ours."""
    innovation = Innovation(
        unit=unit,
        title=one_line(title),
        expansion=one_line(expansion),
        sector=one_line(sector),
        created_at=at,
    )
    innovation.full_clean()
    innovation.save(force_insert=True)
    EarlierAward.objects.bulk_create(
        EarlierAward(innovation=innovation, **award._asdict()) for award in awards
    )
    imprint_register([innovation.pk])
    record(by, "innovation.registered", innovation, at=at, unit=unit.pk if unit else None)
    return innovation


def keep_awards(awards: Mapping[int, Sequence[Past]]) -> None:
    """Enter what innovations (by id) won in this portal; twice changes nothing."""
    EarlierAward.objects.bulk_create(
        (
            EarlierAward(innovation_id=innovation_id, **award._asdict())
            for innovation_id, won in awards.items()
            for award in won
        ),
        ignore_conflicts=True,
    )
    imprint_register(list(awards))


def drop_awards(innovation_ids: Collection[int], *, contest: str, year: int) -> None:
    """Take back what a withdrawn publication had given."""
    EarlierAward.objects.filter(
        innovation_id__in=innovation_ids, contest=contest, year=year
    ).delete()
    imprint_register(innovation_ids)
