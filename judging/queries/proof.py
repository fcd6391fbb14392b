"""What a verification bundle is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from judging.models import Panelist, Publication, Ranking, Stage, Standing
from judging.queries.law import latest_ranking
from judging.queries.results import FROZEN
from judging.ranking.numbers import plain

Name = Mapping[str, str]
# What outsiders read of a reordering: nobody's name.
MOVE = ("key", "place", "reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """`judges`: names by alias, for the committee alone."""

    ranking: Ranking
    inputs: bytes
    reorderings: list[dict[str, Any]]
    standings: list[dict[str, Any]]
    entries: Mapping[str, Name]
    judges: dict[str, str]


def committee_proof(ranking: Ranking) -> Proof:
    panel = Panelist.objects.filter(stage=ranking.stage_id).order_by("alias")
    titles = ranking.standings.values_list(
        "entry__submission__receipt", "entry__proposal__title", "entry__proposal__unit__name"
    )
    return _proof(
        ranking,
        entries={receipt: {"title": title, "unit": unit} for receipt, title, unit in titles},
        judges=dict(panel.values_list("alias", "user__full_name")),
    )


def public_proof(ranking: Ranking, *, publication: Publication) -> Proof:
    """Names nobody but who was announced; the others know their own receipt."""
    receipts = dict(
        ranking.standings.values_list("entry__proposal_id", "entry__submission__receipt")
    )
    entries = {
        receipts[award.proposal_id]: {"title": award.title, "unit": award.unit_name}
        for award in publication.awards.all()
        if award.proposal_id in receipts
    }
    return _proof(ranking, entries=entries, judges={})


def public_rankings(publication: Publication) -> list[Ranking]:
    """The announced ranking and those of the stages before it, first stage first."""
    last = publication.ranking.stage
    earlier = Stage.objects.filter(
        competition=last.competition_id, order__lt=last.order, status__in=FROZEN
    )
    found = [latest_ranking(stage) for stage in earlier.order_by("order", "pk")]
    return [*(each for each in found if each is not None), publication.ranking]


def _proof(ranking: Ranking, *, entries: Mapping[str, Name], judges: dict[str, str]) -> Proof:
    lines = ranking.standings.select_related("entry__submission").defer(
        "entry__submission__content"
    )
    return Proof(
        ranking=ranking,
        inputs=ranking.inputs.encode(),
        reorderings=plain_moves(ranking),
        standings=[plain_line(each) for each in lines.order_by("order")],
        entries=entries,
        judges=judges,
    )


def plain_moves(ranking: Ranking) -> list[dict[str, Any]]:
    return [{name: row[name] for name in MOVE} for row in ranking.reorderings]


def plain_line(standing: Standing) -> dict[str, Any]:
    return {
        "key": standing.entry.submission.receipt,
        "rank": standing.rank,
        "place": standing.place,
        "law_place": standing.law_place,
        "stage_score": _plain(standing.stage_score),
        "score": _plain(standing.score),
        "totals": standing.totals,
        "advances": standing.advances,
        "tiers": standing.tiers,
        "tie": standing.tie,
        "decision": standing.decision,
        "unranked": standing.unranked,
    }


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)
