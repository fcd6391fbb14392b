"""The declared law in words: the names behind its keys."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from judging.models import Criterion, Stage


@dataclass(frozen=True, slots=True)
class LawWords:
    """`chain`: the tie-break chain, step by step; `shares`: how much each stage weighs."""

    chain: list[str]
    shares: list[tuple[str, str]]


def words_of_law(stage: Stage, *, criteria: Iterable[Criterion]) -> LawWords:
    names = _stage_names(stage)
    labels = _labels(criteria, names=names)
    labels |= {"median": _("higher median"), "panel": _("vote of the panel")}
    return LawWords(
        chain=[labels.get(key, key) for key in stage.tie_break],
        shares=[(names.get(key, key), share) for key, share in stage.stage_weights.items()],
    )


def tie_labels(stage: Stage) -> dict[str, str]:
    """The names of criteria and stages that the tie-break chain speaks of by key."""
    return _labels(stage.criteria.all(), names=_stage_names(stage))


def law_labels(stage: Stage) -> dict[str, str]:
    """Every link of a tie-break chain in words."""
    return tie_labels(stage) | {"median": _("higher median"), "panel": _("vote of the panel")}


def _stage_names(stage: Stage) -> dict[str, str]:
    stages = Stage.objects.filter(competition_id=stage.competition_id)
    return dict(stages.values_list("key", "name"))


def _labels(criteria: Iterable[Criterion], *, names: dict[str, str]) -> dict[str, str]:
    return {f"criterion:{each.key}": str(each) for each in criteria} | {
        f"stage:{key}": name for key, name in names.items()
    }
