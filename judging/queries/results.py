"""Frozen results, for eyes that may see them: nothing leaves here before the close."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, Min, QuerySet

from competitions.models import Competition
from judging.models import Award, Panelist, Publication, Ranking, Stage, Standing
from judging.queries.law import latest_ranking
from judging.queries.reading import first_sentence, photo_among, read_files, read_submission
from judging.queries.words import tie_labels
from judging.workflow import PublicationStatus, StageStatus
from proposals.models import Submission

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    ranking: Ranking
    judges: tuple[str, ...]
    lines: tuple[ResultLine, ...]

    @property
    def ties(self) -> tuple[ResultLine, ...]:
        """Lines whose rank was shared, with how the tie was settled."""
        return tuple(line for line in self.lines if line.tie)


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

    @property
    def winners(self) -> tuple[Winner, ...]:
        return tuple(winner for tier in self.tiers for winner in tier.winners)


def current_publication(competition: Competition, *, at: datetime) -> Publication | None:
    """Without the ranking's inputs: they hold every score of the stage."""
    released = Publication.objects.current(at=at).filter(competition=competition)
    return released.select_related("competition", "ranking").defer("ranking__inputs").first()


def is_out(publication: Publication, *, at: datetime) -> bool:
    """Whether the public reads this version now."""
    is_released = publication.status == PublicationStatus.RELEASED
    visible = publication.visible_from
    return is_released and visible is not None and visible <= at


def next_unveiling(*, at: datetime) -> datetime | None:
    """When the next embargo ends: until then a page made at `at` may be kept."""
    waiting = Publication.objects.filter(status=PublicationStatus.RELEASED, visible_from__gt=at)
    found: datetime | None = waiting.aggregate(first=Min("visible_from"))["first"]
    return found


def latest_publication(*, at: datetime) -> Publication | None:
    """The newest released version of any competition, as far as its winners need it."""
    released = Publication.objects.current(at=at).select_related("competition", "ranking")
    wanted = released.only("competition__slug", "competition__name", "ranking__id")
    return wanted.order_by("-visible_from", "-pk").first()


def first_winners(publication: Publication, *, count: int) -> tuple[Winner, ...]:
    rows = list(_winner_rows(publication)[:count])
    won = publication.awards.filter(proposal__in=[row["proposal"] for row in rows])
    awards = {
        award.proposal_id: award for award in won.only("publication", "proposal", "code").order_by()
    }
    return tuple(_winner(row, award=awards.get(row["proposal"])) for row in rows)


def announced(publication: Publication) -> Announced:
    """What the public reads: the same builder makes the preview, so that both are one page."""
    awards = {award.proposal_id: award for award in publication.awards.all()}
    names = _names_of_tiers(publication, awards=awards.values())
    reached: dict[str, list[Winner]] = {}
    for row in _winner_rows(publication):
        winner = _winner(row, award=awards.get(row["proposal"]))
        reached.setdefault(row["tiers"][-1], []).append(winner)
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
    )


def _names_of_tiers(publication: Publication, *, awards: Iterable[Award]) -> dict[str, str]:
    """As they were when the results were released; before that as they are today."""
    given = {award.tier_key: award.tier_name for award in awards}
    return given or dict(publication.competition.tiers.values_list("key", "name"))


def _winner_rows(publication: Publication) -> QuerySet[Standing, Any]:
    """Four facts of each frozen copy, picked by the database: the whole copies are long."""
    content = "entry__submission__content"
    return (
        publication.ranking.standings.exclude(tiers=[])
        .filter(place__isnull=False, score__isnull=False)
        .order_by("order")
        .values(
            "pk",
            "place",
            "score",
            "tiers",
            proposal=F("entry__proposal_id"),
            title=F(f"{content}__header__title"),
            unit=F(f"{content}__header__unit__name"),
            summary=F(f"{content}__sections__0__text"),
            files=F(f"{content}__files"),
        )
    )


def _winner(row: Mapping[str, Any], *, award: Award | None) -> Winner:
    photo = photo_among(read_files(row["files"]))
    return Winner(
        pk=award.pk if award else None,
        standing=row["pk"],
        place=row["place"],
        title=row["title"],
        unit=row["unit"],
        score=row["score"],
        sentence=first_sentence(row["summary"] or ""),
        code=award.code if award else "",
        has_photo=bool(photo and photo.thumbnail_sha256),
    )


def award_photo(award: Award) -> str:
    """The hash of the thumbnail that stands for a winner; empty without a photo."""
    return standing_photo(
        award.publication.ranking.standings.get(entry__proposal=award.proposal_id)
    )


def standing_photo(standing: Standing) -> str:
    submission: Submission = standing.entry.submission
    photo = read_submission(submission).photo
    return photo.thumbnail_sha256 if photo else ""
