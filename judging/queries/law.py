"""From rows to the ranking law and its inputs, and back from what was frozen."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from django.db import connection
from django.db.models import F, IntegerField, QuerySet, Value

from judging import ranking
from judging.models import Ranking as FrozenRanking
from judging.models import Score, Stage, Standing
from judging.ranking import (
    AtLine,
    CardText,
    Correction,
    Law,
    LawError,
    Method,
    RankStyle,
    SpreadBy,
    Tier,
)
from judging.ranking.errors import gettext_noop
from judging.ranking.law import check_paper
from kipp.lib.collecting import collecting_later

# A line per scorecard: its entry, its seat, its values in the order of their codes. The database
# keeps one value per criterion, so the largest is the one; this folds in half the time of an
# ordered list.
SUBMITTED = """COPY (
    SELECT sheet.entry_id, sheet.panelist_id, {columns}
    FROM judging_assignment sheet
    JOIN judging_entry entry ON entry.id = sheet.entry_id
    LEFT JOIN (
        SELECT assignment_id, {values} FROM judging_score WHERE criterion_id IN ({criteria})
        GROUP BY assignment_id
    ) AS card ON card.assignment_id = sheet.id
    WHERE entry.stage_id = {stage} AND sheet.status = 'submitted'
) TO STDOUT (NULL '-')"""
MISSING = "-"
VALUE = "trim_scale(max(value) FILTER (WHERE criterion_id = {pk})) AS value_{pk}"


def law_of(stage: Stage) -> Law:
    """The law that the stage declares; raises `LawError` when it contradicts itself."""
    method, weights = Method(stage.method), weights_of(stage)
    trim, cap = method_terms(method, stage.method_parameter)
    if stage.scored_on == Stage.ScoredOn.PAPER:
        check_paper(weights)
    return Law(
        weights=weights,
        scale_min=stage.scale_min,
        scale_max=stage.scale_max,
        method=method,
        trim=trim,
        cap=cap,
        cap_rounds=stage.cap_rounds,
        correction=Correction(stage.correction),
        step=stage.rounding_step,
        min_readings=stage.min_readings,
        style=RankStyle(stage.rank_style),
        tie_margin=stage.tie_margin,
        tie_breaks=tuple(stage.tie_break),
        at_line=AtLine(stage.at_line),
        advance=stage.advance_count,
        tiers=_tiers_of(stage),
        spread_by=SpreadBy(stage.spread_by),
        spread=stage.spread_limit,
        stage=stage.key,
        stage_weights={key: Decimal(str(share)) for key, share in stage.stage_weights.items()},
    )


def weights_of(stage: Stage) -> dict[str, Decimal]:
    """Criteria of weight 0 are shown and answered but are no part of the law."""
    return {each.key: each.weight for each in stage.criteria.all() if each.weight > 0}


def method_terms(method: Method, parameter: Decimal | None) -> tuple[int, Decimal | None]:
    """How many values are dropped, and the cap, from the one number that a stage states."""
    if method is not Method.TRIMMED:
        return 0, parameter
    if parameter and parameter % 1:
        raise LawError(gettext_noop("A trimmed mean drops a whole number of scores."), code="trim")
    return int(parameter or 0), None


def _tiers_of(stage: Stage) -> tuple[Tier, ...]:
    """Tiers are cuts of the final ranking; by key, because names may be polished later."""
    if next_stage(stage) is not None:
        return ()
    return tuple(Tier(tier.key, tier.size) for tier in stage.competition.tiers.all())


def previous_stage(stage: Stage) -> Stage | None:
    return _neighbour(stage, step=-1)


def next_stage(stage: Stage) -> Stage | None:
    return _neighbour(stage, step=1)


def _neighbour(stage: Stage, *, step: int) -> Stage | None:
    line = list(Stage.objects.filter(competition_id=stage.competition_id).order_by("order", "pk"))
    position = [each.pk for each in line].index(stage.pk) + step
    return line[position] if 0 <= position < len(line) else None


def latest_ranking(stage: Stage) -> FrozenRanking | None:
    """Its inputs hold every score of the stage and are read only by who asks for them."""
    return stage.rankings.order_by("-version").defer("inputs").first()


def newest_of(stage: Stage) -> QuerySet[FrozenRanking, Any]:
    """The key of its latest ranking, to stand in another question."""
    return stage.rankings.order_by("-version").values("pk")[:1]


def versions_of(stage: Stage) -> QuerySet[FrozenRanking]:
    """Every frozen ranking of the stage, newest first."""
    return stage.rankings.select_related("frozen_by").defer("inputs").order_by("-version")


# What a spread rule counts, as a number that the database knows it by.
GROUPS = {
    SpreadBy.AGENCY: "endorsing_unit_id",
    SpreadBy.UNIT: "unit_id",
    SpreadBy.CATEGORY: "category_id",
    SpreadBy.TRACK: "track_id",
}

NO_GROUP = Value(None, output_field=IntegerField())


# Scorecards by the key of their entry and the judge's alias.
Cards = dict[int, dict[str, Mapping[str, Decimal]]]


@collecting_later()
def entries_of(stage: Stage, law: Law) -> list[ranking.Entry]:
    """What the law reads: submitted scorecards by the judges' aliases; a key is a receipt."""
    cards = _submitted_cards(stage, law)
    earlier = _earlier_scores(stage, law)
    grouped = stage.entries.order_by().annotate(group=_group_of(law))
    rows = list(grouped.values_list("pk", "proposal_id", "submission__receipt", "group"))
    names = _group_names(group for *_facts, group in rows)
    return [
        ranking.Entry(receipt, cards[pk], earlier[proposal_id], group=names[group])
        for pk, proposal_id, receipt, group in rows
    ]


def _group_of(law: Law) -> F | Value:
    return F(f"proposal__{GROUPS[law.spread_by]}") if law.spread_by in GROUPS else NO_GROUP


def _group_names(groups: Iterable[int | None]) -> Mapping[int | None, str | None]:
    """Counted, so that the inputs tell outsiders who stands together and no name."""
    known = sorted({group for group in groups if group is not None})
    names: dict[int | None, str | None] = {pk: f"K{n}" for n, pk in enumerate(known, start=1)}
    return {**names, None: None}


def _submitted_cards(stage: Stage, law: Law) -> Cards:
    by_code = dict(stage.criteria.filter(key__in=law.weights).values_list("key", "pk"))
    aliases = {str(pk): alias for pk, alias in stage.panel.values_list("pk", "alias")}
    codes = tuple(sorted(law.weights))
    pile = _Pile(codes, aliases=aliases)
    criteria = [by_code[code] for code in codes]
    question = SUBMITTED.format(
        stage=stage.pk,
        criteria=", ".join(map(str, criteria)),
        columns=", ".join(f"value_{pk}" for pk in criteria),
        values=", ".join(VALUE.format(pk=pk) for pk in criteria),
    )
    with connection.cursor() as cursor:
        cursor.copy_expert(question, pile)
    for entry, alias in pile.incomplete:
        pile.cards[entry][alias] = _values_of(entry, alias, by_code)
    return pile.cards


class _Pile:
    """A file of scorecards, read while the database still writes it."""

    def __init__(self, codes: tuple[str, ...], *, aliases: Mapping[str, str]) -> None:
        self.cards: Cards = defaultdict(dict)
        self.incomplete: list[tuple[int, str]] = []
        self._codes, self._aliases = codes, aliases

    def write(self, line: bytes) -> None:
        entry, seat, text = line[:-1].decode().split("\t", 2)
        alias = self._aliases[seat]
        if MISSING in text:
            self.incomplete.append((int(entry), alias))
        else:
            self.cards[int(entry)][alias] = CardText(self._codes, text)


def _values_of(entry: int, alias: str, by_code: Mapping[str, int]) -> dict[str, Decimal]:
    """Of a scorecard that lacks some, so that the law can say whose."""
    given = Score.objects.filter(assignment__entry=entry, assignment__panelist__alias=alias)
    rows = given.filter(criterion__in=by_code.values()).values_list("criterion__key", "value")
    return {key: value for key, value in rows if value is not None}


def _earlier_scores(stage: Stage, law: Law) -> Mapping[int, dict[str, Decimal]]:
    """Frozen stage scores per proposal of the earlier stages that the law names."""
    scores: dict[int, dict[str, Decimal]] = defaultdict(dict)
    named = Stage.objects.filter(competition_id=stage.competition_id, key__in=law.earlier_stages)
    for earlier in named:
        frozen = Standing.objects.filter(ranking=latest_ranking(earlier))
        for proposal_id, score in frozen.values_list("entry__proposal_id", "stage_score"):
            if score is not None:
                scores[proposal_id][earlier.key] = score
    return scores


def entries_from_plain(inputs: str) -> list[ranking.Entry]:
    """Read the entries back from the text that a ranking was frozen with."""
    document: Mapping[str, Any] = json.loads(inputs)
    codes = sorted(document["law"]["weights"])
    return [
        ranking.Entry(
            key=entry["key"],
            scorecards={
                judge: dict(zip(codes, map(Decimal, card), strict=True))
                for judge, card in entry["scorecards"].items()
            },
            earlier={stage: Decimal(value) for stage, value in entry["earlier"].items()},
            panel_vote=None if entry["panel_vote"] is None else Decimal(entry["panel_vote"]),
            group=entry["group"],
        )
        for entry in document["entries"]
    ]


@cache
def code_version() -> str:
    """The hash of the law's own source text: equal versions rank equally."""
    digest = hashlib.sha256()
    sources = (each for each in files(ranking).iterdir() if each.name.endswith(".py"))
    for source in sorted(sources, key=lambda each: each.name):
        digest.update(source.name.encode() + b"\0" + source.read_bytes() + b"\0")
    return digest.hexdigest()[:40]
