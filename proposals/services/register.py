"""The register of innovations: what exists and what it has won, also outside this portal."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from accounts.audit import record
from accounts.models import Unit, User
from kipp.lib.text import one_line
from proposals.models import EarlierAward, Innovation
from proposals.services.entries import renew_entries
from proposals.services.fingerprints import imprint_register


class Past(NamedTuple):
    """What an innovation won once; the year is None where no source says.

    `submission_id`: what won it in this portal.
    """

    contest: str
    level: str
    year: int | None
    tier: str
    submission_id: int | None = None


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
    keep_awards({innovation.pk: awards})
    record(by, "innovation.registered", innovation, at=at, unit=unit.pk if unit else None)
    return innovation


@transaction.atomic
def keep_awards(awards: Mapping[int, Sequence[Past]]) -> None:
    """Enter what innovations (by id) won; twice changes nothing."""
    lock_innovations(awards)
    EarlierAward.objects.bulk_create(
        (
            EarlierAward(innovation_id=innovation_id, **award._asdict())
            for innovation_id, won in awards.items()
            for award in won
        ),
        ignore_conflicts=True,
    )
    imprint_register(list(awards))
    renew_entries(list(awards))


@transaction.atomic
def drop_awards(innovation_ids: Collection[int], *, contest: str, year: int) -> None:
    """Take back what a withdrawn publication had given, and nothing that a record says."""
    lock_innovations(innovation_ids)
    EarlierAward.objects.filter(
        innovation_id__in=innovation_ids,
        contest=contest,
        year=year,
        submission__isnull=False,
    ).delete()
    imprint_register(innovation_ids)
    renew_entries(innovation_ids)


def lock_innovations(innovation_ids: Iterable[int]) -> None:
    """An entry is made from all awards of its innovation: two at once would each miss the other."""
    rows = Innovation.objects.filter(pk__in=list(innovation_ids)).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk"))
