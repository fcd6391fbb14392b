"""Frozen results, for eyes that may see them: nothing leaves here before the close."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from competitions.models import Competition
from judging.models import Award, Panelist, Publication, Ranking, Stage, Standing
from judging.queries.law import latest_ranking
from judging.queries.reading import first_sentence
from judging.queries.words import tie_labels
from judging.workflow import PublicationStatus, StageStatus
from kipp.lib.prepared import Prepared, given

# Of the home page.
FIRST_SHOWN = 3
FROZEN = frozenset({StageStatus.CLOSED, StageStatus.PUBLISHED})


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultLine:
    """One line of a frozen ranking; `totals` follow the order of the panel."""

    place: int | None
    rank: int | None
    title: str
    unit: str
    receipt: str
    score: Decimal | None
    stage_score: Decimal | None
    totals: tuple[Decimal | None, ...]
    advances: bool
    tiers: tuple[str, ...]
    tie: str
    tie_label: str
    decision: str
    unranked: str
    law_place: int | None = None

    @property
    def is_moved(self) -> bool:
        """Whether the plenary gave it another place than the law."""
        return self.law_place is not None and self.law_place != self.place


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One change of the order by the plenary. `name`: the title, or a receipt where it is secret.

    The place that it had under the law and the one that it has in the end may differ from `place`,
    the one that it was put on: later changes moved it on.
    """

    name: str
    place: int
    law_place: int | None
    final_place: int | None
    reason: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    ranking: Ranking
    judges: tuple[str, ...]
    lines: tuple[ResultLine, ...]

    @property
    def reorderings(self) -> list[Moved]:
        names = {line.receipt: line.title for line in self.lines}
        places = {line.receipt: (line.law_place, line.place) for line in self.lines}
        return moved_of(self.ranking, names=names, places=places)

    @property
    def ties(self) -> tuple[ResultLine, ...]:
        """Lines whose rank was shared, with how the tie was settled."""
        return tuple(line for line in self.lines if line.tie)


def moved_of(
    ranking: Ranking,
    *,
    names: Mapping[str, str],
    places: Mapping[str, tuple[int | None, int | None]],
) -> list[Moved]:
    """By receipt: titles that the reader may know, and places by the law and in the end."""
    return [
        Moved(
            name=names.get(row["key"], row["key"]),
            place=row["place"],
            law_place=places[row["key"]][0],
            final_place=places[row["key"]][1],
            reason=row["reason"],
            by=f"{row['proposed_by']}, {row['confirmed_by']}",
        )
        for row in ranking.reorderings
    ]


def shown_ranking(stage: Stage) -> Ranking | None:
    """The ranking that may be looked at now; none while judges are scoring, even after a reopen."""
    if stage.status not in FROZEN:
        return None
    return latest_ranking(stage)


def results_of(stage: Stage) -> Results | None:
    ranking = shown_ranking(stage)
    if ranking is None:
        return None
    panel = list(Panelist.objects.filter(stage=stage).values_list("alias", "user__full_name"))
    labels = tie_labels(stage)
    tiers = dict(stage.competition.tiers.values_list("key", "name"))
    standings = ranking.standings.select_related("entry__proposal__unit", "entry__submission")
    aliases = [alias for alias, _name in panel]
    return Results(
        ranking=ranking,
        judges=tuple(name for _alias, name in panel),
        lines=tuple(_line(each, aliases=aliases, labels=labels, tiers=tiers) for each in standings),
    )


def _line(
    standing: Standing,
    *,
    aliases: Sequence[str],
    labels: Mapping[str, str],
    tiers: Mapping[str, str],
) -> ResultLine:
    totals = {alias: Decimal(total) for alias, total in standing.totals.items()}
    return ResultLine(
        place=standing.place,
        rank=standing.rank,
        title=standing.entry.proposal.title,
        unit=standing.entry.proposal.unit.name,
        receipt=standing.entry.submission.receipt,
        score=standing.score,
        stage_score=standing.stage_score,
        totals=tuple(totals.get(alias) for alias in aliases),
        advances=standing.advances,
        tiers=tuple(tiers.get(key, key) for key in standing.tiers),
        tie=standing.tie,
        tie_label=labels.get(standing.tie, standing.tie),
        decision=standing.decision,
        unranked=standing.unranked,
        law_place=standing.law_place,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Winner:
    """An awarded proposal as the public sees it."""

    pk: int | None
    standing: int
    place: int
    title: str
    unit: str
    score: Decimal
    sentence: str
    code: str
    has_photo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TierShown:
    """One step of the stair: who reaches this tier and none inside it."""

    name: str
    size: int
    step: int
    winners: tuple[Winner, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    publication: Publication
    tiers: tuple[TierShown, ...]
    reorderings: Sequence[Moved] = ()

    @property
    def winners(self) -> tuple[Winner, ...]:
        return tuple(winner for tier in self.tiers for winner in tier.winners)


CURRENT = Prepared(
    lambda: (
        Publication.objects.current(at=given("at"))
        .filter(competition=given("competition"))
        .select_related("competition", "ranking")
        .defer("ranking__inputs")[:1]
    )
)
LATEST = Prepared(
    lambda: (
        Publication.objects.current(at=given("at"))
        .select_related("competition", "ranking")
        .only("competition__slug", "competition__name", "ranking__id")
        .order_by("-visible_from", "-pk")[:1]
    )
)


def current_publication(competition: Competition, *, at: datetime) -> Publication | None:
    """Without the ranking's inputs: they hold every score of the stage."""
    return CURRENT.first(competition=competition.pk, at=at)


def is_out(publication: Publication, *, at: datetime) -> bool:
    """Whether the public reads this version now."""
    is_released = publication.status == PublicationStatus.RELEASED
    visible = publication.visible_from
    return is_released and visible is not None and visible <= at


UNVEILING = Prepared(
    lambda: (
        Publication.objects.filter(status=PublicationStatus.RELEASED, visible_from__gt=given("at"))
        .values_list("visible_from")
        .order_by("visible_from")[:1]
    )
)


def next_unveiling(*, at: datetime) -> datetime | None:
    """When the next embargo ends: until then a page made at `at` may be kept."""
    first = UNVEILING.first(at=at)
    return first[0] if first else None


def latest_publication(*, at: datetime) -> Publication | None:
    """The newest released version of any competition, as far as its winners need it."""
    return LATEST.first(at=at)


def first_winners(publication: Publication) -> tuple[Winner, ...]:
    rows = FIRST.ask(ranking=publication.ranking_id, publication=publication.pk)
    return tuple(_winner(row) for row in rows)


def announced(publication: Publication) -> Announced:
    """What the public reads: the same builder makes the preview, so that both are one page."""
    rows = ALL.ask(ranking=publication.ranking_id, publication=publication.pk)
    names = _names_of_tiers(publication, rows=rows)
    reached: dict[str, list[Winner]] = {}
    for row in rows:
        reached.setdefault(row["tiers"][-1], []).append(_winner(row))
    inner_first = list(reversed(publication.ranking.law["tiers"]))
    return Announced(
        publication=publication,
        tiers=tuple(
            TierShown(
                name=names.get(tier["name"], tier["name"]),
                size=tier["size"],
                step=min(step, 3),
                winners=tuple(reached[tier["name"]]),
            )
            for step, tier in enumerate(inner_first, start=1)
            if tier["name"] in reached
        ),
        reorderings=_public_moves(publication.ranking),
    )


def _public_moves(ranking: Ranking) -> list[Moved]:
    """What the plenary moved, by the titles of winners; others are known by their receipt."""
    keys = [row["key"] for row in ranking.reorderings]
    if not keys:
        return []
    found = ranking.standings.filter(entry__submission__receipt__in=keys).values_list(
        "entry__submission__receipt",
        "law_place",
        "place",
        "tiers",
        "entry__submission__title",
    )
    rows = list(found)
    return moved_of(
        ranking,
        names={key: title for key, _law, _place, tiers, title in rows if tiers},
        places={key: (law, place) for key, law, place, _tiers, _title in rows},
    )


def _names_of_tiers(
    publication: Publication, *, rows: Iterable[Mapping[str, Any]]
) -> dict[str, str]:
    """As they were when the results were released; before that as they are today."""
    awards = (row["award"] for row in rows if row["award"])
    given_names = {award["key"]: award["name"] for award in awards}
    return given_names or dict(publication.competition.tiers.values_list("key", "name"))


def _won() -> QuerySet[Standing, Any]:
    """By what the database keeps of each frozen copy: the whole copies are long.

    With the award by the publication; before its release there is none.
    """
    award = Award.objects.filter(
        publication=given("publication"), proposal=OuterRef("entry__proposal")
    ).values(found=JSONObject(pk="pk", code="code", key="tier_key", name="tier_name"))
    return (
        Standing.objects.filter(ranking=given("ranking"))
        .exclude(tiers=[])
        .filter(place__isnull=False, score__isnull=False)
        .order_by("order")
        .values(
            "pk",
            "place",
            "score",
            "tiers",
            award=Subquery(award),
            title=F("entry__submission__title"),
            unit=F("entry__submission__unit_name"),
            opening=F("entry__submission__opening"),
            thumbnail=F("entry__submission__thumbnail"),
        )
    )


ALL = Prepared(_won)
FIRST = Prepared(lambda: _won()[:FIRST_SHOWN])


def _winner(row: Mapping[str, Any]) -> Winner:
    award = row["award"] or {}
    return Winner(
        pk=award.get("pk"),
        standing=row["pk"],
        place=row["place"],
        title=row["title"],
        unit=row["unit"],
        score=row["score"],
        sentence=first_sentence(row["opening"] or ""),
        code=award.get("code", ""),
        has_photo=bool(row["thumbnail"]),
    )


def award_photo(award: Award) -> str:
    """The hash of the thumbnail that stands for a winner; empty without a photo."""
    return standing_photo(
        award.publication.ranking.standings.get(entry__proposal=award.proposal_id)
    )


def standing_photo(standing: Standing) -> str:
    return standing.entry.submission.thumbnail or ""
