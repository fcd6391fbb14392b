"""Frozen results, for eyes that may see them: nothing leaves here before the close."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from competitions.models import Competition
from judging.models import Award, Panelist, Publication, Ranking, Stage, Standing
from judging.queries.law import latest_ranking
from judging.queries.reading import first_sentence
from judging.queries.words import tie_labels
from judging.workflow import PublicationStatus, StageStatus
from kipp.lib.prepared import Prepared, Statement, given

# Of the home page.
FIRST_SHOWN = 3
FROZEN = frozenset({StageStatus.CLOSED, StageStatus.PUBLISHED})


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultLine:
    """One line of a frozen ranking; `totals` follow the order of the panel."""

    entry: int
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
        entry=standing.entry_id,
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


class Winner(NamedTuple):
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


# Reads the columns that the database keeps of each frozen copy, since whole copies are long. The
# award is the publication's own; before its release there is none.
WON = """
SELECT award.id, standing.id, standing.place, submission.title, submission.unit_name,
       standing.score, COALESCE(submission.opening, ''), COALESCE(award.code, ''),
       COALESCE(submission.thumbnail, '') <> '', {further}
FROM judging_publication AS shown
JOIN LATERAL (
    SELECT * FROM judging_standing AS line
    WHERE line.ranking_id = shown.ranking_id
      AND line.tiers <> '{{}}' AND line.place IS NOT NULL AND line.score IS NOT NULL
    ORDER BY line."order" {first}) AS standing ON true
JOIN judging_entry AS entry ON entry.id = standing.entry_id
JOIN proposals_submission AS submission ON submission.id = entry.submission_id
LEFT JOIN judging_award AS award
     ON award.publication_id = shown.id AND award.proposal_id = entry.proposal_id
{of_shown}
ORDER BY standing."order"
"""
ALL = Statement(
    WON.format(
        further="standing.tiers, award.tier_key, award.tier_name",
        of_shown="WHERE shown.id = %(publication)s",
        first="",
    )
)
FIRST = Statement(
    WON.format(
        further="host.slug, host.name",
        of_shown="""JOIN competitions_competition AS host ON host.id = shown.competition_id
WHERE shown.id = (SELECT id FROM judging_publication
                  WHERE status = %(released)s AND visible_from <= %(at)s
                  ORDER BY visible_from DESC, id DESC LIMIT 1)""",
        first="LIMIT %(most)s",
    )
)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Newest:
    """What the home page shows of a competition's results."""

    slug: str
    name: str
    winners: tuple[Winner, ...]


CURRENT = Prepared(
    lambda: (
        Publication.objects.current(at=given("at"))
        .filter(competition__slug=given("slug"))
        .select_related("competition", "ranking")
        .defer("ranking__inputs")[:1]
    )
)


def current_publication(slug: str, *, at: datetime) -> Publication | None:
    """Of the competition with this name; without the ranking's inputs: they hold every score."""
    return CURRENT.first(slug=slug, at=at)


def was_public(competition: Competition, *, at: datetime) -> bool:
    """Whether the public has read any version by now, one that was withdrawn since included."""
    return Publication.objects.ever_public(at=at).filter(competition=competition).exists()


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


def latest_winners(*, at: datetime) -> Newest | None:
    """Of the newest released version of any competition."""
    rows = FIRST.ask(at=at, released=PublicationStatus.RELEASED.value, most=FIRST_SHOWN)
    if not rows:
        return None
    slug, name = rows[0][9:]
    return Newest(slug=slug, name=name, winners=tuple(map(_winner, rows)))


def announced(publication: Publication) -> Announced:
    """What the public reads: the same builder makes the preview, so that both are one page."""
    rows = ALL.ask(publication=publication.pk)
    names = _names_of_tiers(publication, rows=rows)
    reached: dict[str, list[Winner]] = {}
    for row in rows:
        innermost = row[9][-1]
        reached.setdefault(innermost, []).append(_winner(row))
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


def _names_of_tiers(publication: Publication, *, rows: Iterable[Sequence[Any]]) -> dict[str, str]:
    """As they were when the results were released; before that as they are today."""
    given_names = {key: name for *_winner, key, name in rows if key}
    return given_names or dict(publication.competition.tiers.values_list("key", "name"))


def _winner(row: Sequence[Any]) -> Winner:
    pk, standing, place, title, unit, score, opening, code, has_photo = row[:9]
    sentence = first_sentence(opening)
    return Winner(pk, standing, place, title, unit, score, sentence, code, has_photo)


def award_photo(award: Award) -> str:
    """The hash of the thumbnail that stands for a winner; empty without a photo."""
    return standing_photo(
        award.publication.ranking.standings.get(entry__proposal=award.proposal_id)
    )


def standing_photo(standing: Standing) -> str:
    return standing.entry.submission.thumbnail or ""
