"""What the minutes of a frozen ranking say; all of it frozen with it or kept in the trail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, Prefetch, QuerySet

from accounts.audit import trail_of
from accounts.models import AuditEntry, User
from judging.models import Addendum, Conflict, MinutesSignature, Ranking, SignedMinutes, Stage
from judging.queries.committee import judge_progress
from judging.queries.law import entries_from_plain, versions_of
from judging.queries.words import law_labels
from judging.ranking import Severities, gate_of, law_from_plain
from judging.workflow import READERS

# What is done by hand, with a reason.
ACTS = (
    "stage.reopened",
    "stage.panel_voted",
    "stage.second_look",
    "stage.law_changed",
    "stage.reordered",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One line of the list, with the title and unit of the frozen copy."""

    receipt: str
    title: str
    unit: str
    place: int | None
    law_place: int | None
    rank: int | None
    score: Decimal | None
    readings: int
    advances: bool
    tiers: Sequence[str]
    tie: str
    decision: str
    unranked: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Where a proposal stood in the version before; none where it had no place."""

    line: Listed
    before: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Minutes:
    """`moves`: what was done by hand since the version before, with its reason.

    `gate`: whether severity could be corrected; none where the method knows no correction.
    """

    ranking: Ranking
    lines: Sequence[Listed]
    changes: Sequence[Change]
    moves: Sequence[AuditEntry]
    labels: Mapping[str, str]
    tiers: Mapping[str, str]
    gate: Severities | None


def session_of(stage: Stage, *, by: User) -> dict[str, Any]:
    """Who sat, who read how much and who stood back, as it is now; frozen with the ranking.

    The names too: what is signed stays as it was read when somebody or something is renamed.
    """
    barred = Conflict.objects.filter(entry__stage=stage).order_by("panelist", "entry")
    counts = ("name", "owed_count", "done_count", "recused_count")
    seats = list(judge_progress(stage).values(*counts, "status", "open_count"))
    competition = stage.competition
    actors = [act.actor for act in trail_of(stage).filter(action__in=ACTS) if act.actor]
    return {
        "stage": stage.name,
        "competition": competition.name,
        "host": competition.host.name,
        "time_zone": competition.time_zone,
        "tiers": dict(competition.tiers.values_list("key", "name")),
        "people": {str(each.pk): str(each) for each in (by, *actors)},
        "panel": [{key: row[key] for key in counts} for row in seats if row["status"] in READERS],
        "recusals": list(
            barred.values("ground", "note").annotate(
                judge=F("panelist__user__full_name"), entry=F("entry__submission__receipt")
            )
        ),
        "missing": sum(row["open_count"] for row in seats),
    }


def minutes_of(ranking: Ranking) -> Minutes:
    stage = ranking.stage
    before = stage.rankings.filter(version=ranking.version - 1).defer("inputs").first()
    lines = _listed(ranking)
    return Minutes(
        ranking=ranking,
        lines=lines,
        changes=_changes(lines, before=before) if before else [],
        moves=_moves(ranking, before=before),
        labels=law_labels(stage),
        tiers=ranking.session["tiers"],
        gate=gate_of(law_from_plain(ranking.law), entries_from_plain(ranking.inputs)),
    )


def signatures_of(ranking: Ranking) -> list[MinutesSignature]:
    """Given, in the order of time."""
    given = MinutesSignature.objects.filter(ranking=ranking, signed_at__isnull=False)
    return list(given.select_related("panelist__user"))


def versions_with_papers(stage: Stage) -> QuerySet[Ranking]:
    """Every frozen ranking of the stage, newest first, with its scans and addenda."""
    papers = (
        Prefetch("signed_minutes", SignedMinutes.objects.select_related("uploaded_by")),
        Prefetch(
            "signatures",
            MinutesSignature.objects.filter(signed_at__isnull=False).select_related(
                "panelist__user"
            ),
        ),
        Prefetch("addenda", Addendum.objects.select_related("written_by")),
    )
    return versions_of(stage).prefetch_related(*papers)


def _listed(ranking: Ranking) -> list[Listed]:
    rows = ranking.standings.order_by("order").values(
        "place", "law_place", "rank", "score", "readings", "advances", "tiers", "tie",
        "decision", "unranked",
        receipt=F("entry__submission__receipt"),
        title=F("entry__submission__title"),
        unit=F("entry__submission__unit_name"),
    )  # fmt: skip
    return [Listed(**row) for row in rows]


def _changes(lines: Sequence[Listed], *, before: Ranking) -> list[Change]:
    places = dict(before.standings.values_list("entry__submission__receipt", "place"))
    return [
        Change(line=line, before=places.get(line.receipt))
        for line in lines
        if places.get(line.receipt) != line.place
    ]


def _moves(ranking: Ranking, *, before: Ranking | None) -> list[AuditEntry]:
    """Since the freeze before, or since the opening, in the order of the trail."""
    trail = trail_of(ranking.stage)
    numbers = [
        trail.filter(data__ranking=version).values_list("number", flat=True).last() or 0
        for version in (before.version if before else 0, ranking.version)
    ]
    made = trail.filter(
        action__in=ACTS,
        number__gt=numbers[0],
        number__lte=numbers[1],
    )
    return list(made.order_by("number"))
