"""What a new run changed: places, winners, who goes on. Both runs are frozen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from judging.models import Ranking


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a proposal stood in one run; no place where it had none."""

    title: str
    unit: str
    place: int | None
    tiers: tuple[str, ...]
    advances: bool

    @property
    def outcome(self) -> str:
        if self.tiers:
            return self.tiers[-1]
        return _("Advances") if self.advances else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """`before` or `now` is missing where the proposal was in one run alone."""

    before: Standing | None
    now: Standing | None

    @property
    def title(self) -> str:
        shown = self.now or self.before
        return shown.title if shown else ""

    @property
    def unit(self) -> str:
        shown = self.now or self.before
        return shown.unit if shown else ""

    @property
    def has_other_outcome(self) -> bool:
        return outcome_of(self.before) != outcome_of(self.now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """`won`: who reaches another tier, or goes on or no longer; `moved`: other places alone."""

    old: Ranking
    new: Ranking
    won: Sequence[Changed]
    moved: Sequence[Changed]


def outcome_of(standing: Standing | None) -> str:
    return standing.outcome if standing else ""


def difference_of(ranking: Ranking) -> Difference | None:
    """Against the version before; None for a first one."""
    versions = Ranking.objects.filter(stage=ranking.stage_id, version=ranking.version - 1)
    old = versions.defer("inputs").first()
    if old is None:
        return None
    before, now = _standings(old), _standings(ranking)
    changed = [
        Changed(before=before.get(key), now=now.get(key))
        for key in dict.fromkeys([*now, *before])
        if before.get(key) != now.get(key)
    ]
    return Difference(
        old=old,
        new=ranking,
        won=[each for each in changed if each.has_other_outcome],
        moved=[each for each in changed if not each.has_other_outcome],
    )


def _standings(ranking: Ranking) -> dict[str, Standing]:
    """By receipt, in the order of the list."""
    names = dict(ranking.stage.competition.tiers.values_list("key", "name"))
    rows = ranking.standings.order_by("order").values_list(
        "entry__submission__receipt",
        "entry__submission__title",
        "entry__submission__unit_name",
        "place",
        "tiers",
        "advances",
    )
    return {
        receipt: Standing(
            title=title,
            unit=unit,
            place=place,
            tiers=tuple(names.get(key, key) for key in tiers),
            advances=advances,
        )
        for receipt, title, unit, place, tiers, advances in rows
    }
