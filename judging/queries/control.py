"""The control room after the close: what a frozen ranking's scorecards say about judges and chance.

Everything is computed from the frozen inputs, with a seed that follows from their hash: the same
ranking shows the same figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from statistics import fmean, median, quantiles, stdev

from judging import calibration, ranking
from judging.calibration import Agreement, Chance, Fit, Refusal, Table, fit_additive, table_of
from judging.calibration.chance import SURE
from judging.models import Panelist, Ranking, Standing
from judging.queries.law import entries_from_plain
from judging.queries.words import tie_labels
from judging.ranking import Correction, Law, law_from_plain
from judging.ranking.scores import card_total

# Every entry with a judge this share of the scale above another is worth a talk.
WIDE_SHARE = 0.2
LONGEST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How one judge's totals lie."""

    judge: str
    count: int
    mean: float
    deviation: float
    ends: tuple[float, float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One entry by this stage's score, and as if all judges were of average severity."""

    title: str
    place: int
    score: float
    corrected: float | None
    corrected_place: int | None
    chance: Chance | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    entry: int
    title: str
    low: float
    low_judge: str
    high: float
    high_judge: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpreadPrice:
    """Titles of whom a spread rule lets in and keeps out at the line, and the points given up."""

    entering: Sequence[str]
    leaving: Sequence[str]
    points: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """`line`: the cut that chances are of; `refusals` say why severity is not to be corrected."""

    law: Law
    table: Table
    names: Mapping[str, str]
    spreads: Sequence[Spread]
    agreements: Sequence[tuple[str, Agreement]]
    fit: Fit | None
    refusals: Sequence[Refusal]
    compared: Sequence[Compared]
    disagreements: Sequence[Disagreement]
    line: int | None
    price: SpreadPrice | None

    @property
    def grey(self) -> list[tuple[str, Chance]]:
        """Titles of those of whom chance could still decide."""
        return [
            (each.title, each.chance)
            for each in self.compared
            if each.chance and each.chance.is_grey
        ]

    @property
    def sure_count(self) -> int:
        return sum(1 for each in self.compared if each.chance and each.chance.share > SURE)


def control_of(frozen: Ranking) -> Control:
    law, entries = law_from_plain(frozen.law), entries_from_plain(frozen.inputs)
    totals, seed = table_of(totals_of(law, entries)), seed_of(frozen)
    scale = float(law.scale_max - law.scale_min)
    fit, line = fit_additive(totals), line_of(law)
    chances = chances_of(law, entries, seed=seed)
    names = _judge_names(frozen)
    standings = _standings(frozen)
    return Control(
        law=law,
        table=totals,
        names=names,
        spreads=sorted(
            (_spread(totals, seat, names=names) for seat in range(len(totals.judges))),
            key=lambda each: each.judge,
        ),
        agreements=_agreements(frozen, law, entries, totals=totals, seed=seed),
        fit=fit,
        refusals=calibration.why_not(totals, fit, scale=scale),
        compared=_compared(standings, raw=_raw_scores(law, entries), fit=fit, chances=chances),
        disagreements=_disagreements(totals, standings, names=names, least=WIDE_SHARE * scale),
        line=line,
        price=_price(law, entries, standings),
    )


def _price(
    law: Law, entries: Sequence[ranking.Entry], standings: Mapping[str, Standing]
) -> SpreadPrice | None:
    if law.spread is None:
        return None
    free = ranking.rank_entries(ranking.without_spread(law), entries)
    price = ranking.price_of(free, ranking.rank_entries(law, entries))
    return SpreadPrice(
        entering=[standings[key].entry.proposal.title for key in price.entering],
        leaving=[standings[key].entry.proposal.title for key in price.leaving],
        points=price.points,
    )


def _raw_scores(law: Law, entries: Sequence[ranking.Entry]) -> Mapping[str, Decimal | None]:
    """Stage scores without any correction, whatever the law corrects."""
    raw = ranking.rank_entries(replace(law, correction=Correction.NONE), entries)
    return {line.key: line.stage_score for line in raw.lines}


def line_of(law: Law) -> int | None:
    """Who advances; in the last stage the outermost tier."""
    return law.tiers[0].size if law.tiers else law.advance


def chances_of(law: Law, entries: Sequence[ranking.Entry], *, seed: int) -> Mapping[str, Chance]:
    """What earlier stages settled counts as it is; an entry that lacks it has no chance."""
    own = float(law.stage_weights.get(law.stage, 100))
    line, counted = (
        line_of(law),
        [stage for stage in law.earlier_stages if law.stage_weights[stage]],
    )
    known = [each for each in entries if all(stage in each.earlier for stage in counted)]
    if line is None or not own:
        return {}
    carried = {
        each.key: sum(float(law.stage_weights[s] * each.earlier[s]) for s in counted) / own
        for each in known
    }
    table = table_of(totals_of(law, known))
    return calibration.chances_of_top(table, size=line, seed=seed, carried=carried)


def seed_of(frozen: Ranking) -> int:
    return int(frozen.inputs_hash[:8], 16)


def totals_of(law: Law, entries: Sequence[ranking.Entry]) -> dict[tuple[str, str], float]:
    return {
        (entry.key, judge): float(card_total(law.weights, card))
        for entry in entries
        for judge, card in entry.scorecards.items()
        if card is not None
    }


def _judge_names(frozen: Ranking) -> dict[str, str]:
    panel = Panelist.objects.filter(stage=frozen.stage_id)
    return dict(panel.values_list("alias", "user__full_name"))


def _standings(frozen: Ranking) -> dict[str, Standing]:
    """By receipt, in the order of the list."""
    rows = frozen.standings.select_related("entry__proposal", "entry__submission")
    return {
        each.entry.submission.receipt: each for each in rows.defer("entry__submission__content")
    }


def _spread(table: Table, seat: int, *, names: Mapping[str, str]) -> Spread:
    values = sorted(value for _entry, judge, value in table.rows if judge == seat)
    inner = quantiles(values, n=4, method="inclusive") if len(values) > 1 else values * 3
    return Spread(
        judge=names.get(table.judges[seat], table.judges[seat]),
        count=len(values),
        mean=fmean(values),
        deviation=stdev(values) if len(values) > 1 else 0.0,
        ends=(values[0], inner[0], median(values), inner[2], values[-1]),
    )


def _agreements(
    frozen: Ranking, law: Law, entries: Sequence[ranking.Entry], *, totals: Table, seed: int
) -> list[tuple[str, Agreement]]:
    """The total first (under an empty label), then every criterion, the heaviest first."""
    labels = tie_labels(frozen.stage)
    found = [("", calibration.agreement_of(totals, seed=seed))]
    for code in sorted(law.weights, key=lambda code: (-law.weights[code], code)):
        cells = {
            (entry.key, judge): float(card[code])
            for entry in entries
            for judge, card in entry.scorecards.items()
            if card is not None
        }
        label = labels.get(f"criterion:{code}", code)
        found.append((label, calibration.agreement_of(table_of(cells), seed=seed)))
    return found


def _compared(
    standings: Mapping[str, Standing],
    *,
    raw: Mapping[str, Decimal | None],
    fit: Fit | None,
    chances: Mapping[str, Chance],
) -> list[Compared]:
    corrected = fit.corrected if fit else {}
    ordered = sorted(corrected.values(), reverse=True)
    scores = sorted((score for score in raw.values() if score is not None), reverse=True)
    return [
        Compared(
            title=standing.entry.proposal.title,
            place=scores.index(score) + 1,
            score=float(score),
            corrected=corrected.get(receipt),
            corrected_place=ordered.index(corrected[receipt]) + 1 if receipt in corrected else None,
            chance=chances.get(receipt),
        )
        for receipt, standing in standings.items()
        if (score := raw.get(receipt)) is not None
    ]


def _disagreements(
    table: Table, standings: Mapping[str, Standing], *, names: Mapping[str, str], least: float
) -> list[Disagreement]:
    """The widest first; ties in the order of the entries' keys."""
    found = []
    for entry, readings in zip(table.entries, table.by_entry, strict=True):
        low = min(readings, key=lambda reading: reading[1])
        high = max(readings, key=lambda reading: reading[1])
        if high[1] - low[1] >= least:
            found.append(
                Disagreement(
                    entry=standings[entry].entry_id,
                    title=standings[entry].entry.proposal.title,
                    low=low[1],
                    low_judge=names.get(table.judges[low[0]], table.judges[low[0]]),
                    high=high[1],
                    high_judge=names.get(table.judges[high[0]], table.judges[high[0]]),
                )
            )
    return sorted(found, key=lambda each: each.low - each.high)[:LONGEST]
