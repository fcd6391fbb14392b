"""The robustness sheet as people read it: titles instead of receipts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from judging.models import Panelist, Ranking, Robustness
from judging.queries.words import tie_labels
from judging.ranking.robustness import DRAWS, Change


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    label: str
    entering: Sequence[str]
    leaving: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RobustnessSheet:
    """`shaky`: entries of the list with how many of the changes would put them out."""

    rows: Sequence[SheetRow]
    tried: int
    calm: int
    shaky: Sequence[tuple[str, int]]
    size: int


def robustness_of(ranking: Ranking) -> Robustness | None:
    return Robustness.objects.filter(ranking=ranking).first()


def sheet_of(row: Robustness, *, ranking: Ranking) -> RobustnessSheet:
    """Only changes that move a name are listed; the others are counted.

    The draws of the panel are one line, with how many of them moved each name.
    """
    result: dict[str, Any] = row.result
    titles = dict(
        ranking.standings.values_list("entry__submission__receipt", "entry__proposal__title")
    )
    labels = _labels(ranking)
    moved = [each for each in result["effects"] if each["entering"] or each["leaving"]]
    draws = [each for each in moved if each["variation"]["change"] == Change.PANEL]
    single = [each for each in moved if each not in draws]
    out = Counter(key for each in single for key in each["leaving"])
    return RobustnessSheet(
        rows=[
            *(
                SheetRow(
                    label=_words(each["variation"], labels=labels),
                    entering=[titles[key] for key in each["entering"]],
                    leaving=[titles[key] for key in each["leaving"]],
                )
                for each in single
            ),
            *([_row_of_draws(draws, titles=titles)] if draws else []),
        ],
        tried=len(result["effects"]),
        calm=len(result["effects"]) - len(moved),
        shaky=[(titles[key], count) for key, count in out.most_common()],
        size=len(result["inside"]),
    )


def _row_of_draws(draws: Sequence[Mapping[str, Any]], *, titles: Mapping[str, str]) -> SheetRow:
    return SheetRow(
        label=_("The panel drawn again %(draws)d times, some judges twice and some not at all")
        % {"draws": DRAWS},
        entering=_often(draws, "entering", titles=titles),
        leaving=_often(draws, "leaving", titles=titles),
    )


def _often(
    draws: Sequence[Mapping[str, Any]], side: str, *, titles: Mapping[str, str]
) -> list[str]:
    counts = Counter(key for each in draws for key in each[side])
    words = _("%(title)s (%(count)d of %(draws)d)")
    return [
        words % {"title": titles[key], "count": count, "draws": DRAWS}
        for key, count in counts.most_common()
    ]


def _labels(ranking: Ranking) -> Mapping[str, str]:
    panel = Panelist.objects.filter(stage=ranking.stage_id)
    names = dict(panel.values_list("alias", "user__full_name"))
    codes = {
        link.partition(":")[2]: label
        for link, label in tie_labels(ranking.stage).items()
        if link.startswith("criterion:")
    }
    return {**codes, **names}


def _words(variation: Mapping[str, str], *, labels: Mapping[str, str]) -> str:
    sentences = {
        Change.JUDGE: _("Without %(name)s"),
        Change.CRITERION: _("Without the criterion %(name)s"),
        Change.HEAVIER: _("%(name)s weighs five points more"),
        Change.LIGHTER: _("%(name)s weighs five points less"),
        Change.METHOD: _("Median instead of the mean, or the mean instead of the law's method"),
        Change.CORRECTION: _("Severity of the judges corrected, or not corrected"),
    }
    name = labels.get(variation["of"], variation["of"])
    return sentences[Change(variation["change"])] % {"name": name}
