"""The plenary as its screens read it: what is discussed, who leaves, what waits for a second."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Min, OuterRef, Q, QuerySet, Subquery

from competitions.roles import Actor
from judging.models import Conflict, Panelist, Plenary, PlenaryItem, Ranking, Reordering, Stage
from judging.models import Standing as Frozen
from judging.plenary import Item, Ranked, order_of_discussion
from judging.queries.control import chances_of, line_of, seed_of
from judging.queries.law import entries_from_plain, newest_of
from judging.ranking import (
    Line,
    Move,
    law_from_plain,
    moves_from_plain,
    rank_entries,
    reorder,
)
from judging.workflow import ReorderingStatus, SeatStatus, StageStatus


def plenary_of(stage: Stage) -> Any:
    """The newest since the last close; what sat before a reopening was about other scores.

    None without one; with the number of its items, and of the next to be called.
    """
    found = _plenaries(stage).filter(opened_at__gte=stage.closed_at)
    upcoming = Min("items__position", filter=Q(items__called_at=None))
    return found.annotate(length=Count("items"), upcoming=upcoming).first()


def session_of(stage: Stage) -> Plenary | None:
    """The plenary that sits now. It ends before anything else may be done with the result."""
    return _plenaries(stage).filter(closed_at=None).first()


def _plenaries(stage: Stage) -> QuerySet[Plenary]:
    found = Plenary.objects.filter(ranking__stage=stage).select_related("ranking__stage")
    return found.defer("ranking__inputs").order_by("-opened_at", "-pk")


def agenda_of(ranking: Ranking) -> tuple[Item, ...]:
    """The order of discussion of a frozen ranking, with a seed from its own inputs."""
    law, entries = law_from_plain(ranking.law), entries_from_plain(ranking.inputs)
    chances = chances_of(law, entries, seed=seed_of(ranking))
    line = line_of(law)
    rows = ranking.standings.filter(place__isnull=False).order_by("order")
    facts = rows.values_list("entry__submission__receipt", "score", "advances", "tiers")
    outermost = law.tiers[0].name if law.tiers else None
    lines = [
        Ranked(
            key=receipt,
            score=score,
            is_inside=(outermost in tiers if outermost else advances) and line is not None,
        )
        for receipt, score, advances, tiers in facts
        if score is not None
    ]
    return order_of_discussion(lines, chances={key: each.share for key, each in chances.items()})


def items_of(plenary: Plenary) -> QuerySet[PlenaryItem, Any]:
    """In the order of discussion, by the names of the frozen copies; `place` is today's."""
    today = Frozen.objects.filter(
        ranking__in=newest_of(plenary.ranking.stage), entry=OuterRef("entry")
    )
    return (
        PlenaryItem.objects.filter(plenary=plenary)
        .annotate(
            title=F("entry__submission__title"),
            unit=F("entry__submission__unit_name"),
            place=Subquery(today.values("place")[:1]),
            law_place=Subquery(today.values("law_place")[:1]),
        )
        .order_by("position")
    )


def current_item(plenary: Plenary) -> PlenaryItem | None:
    """What is discussed now; nothing before the first call and after the end."""
    return items_of(plenary).filter(position=plenary.current or 0).first()


def leavers_of(stage: Stage, entries: Iterable[int]) -> Mapping[int, list[str]]:
    """By entry: the judges who may not be in the room while it is discussed."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = Conflict.objects.filter(
        entry__in=list(entries), entry__stage=stage, panelist__status=SeatStatus.ACCEPTED
    ).order_by("panelist__user__full_name")
    for entry, name in rows.values_list("entry_id", "panelist__user__full_name"):
        found[entry].append(name)
    return dict(found)


def waiting_of(plenary: Plenary) -> QuerySet[Reordering]:
    """What the chair proposed and nobody has confirmed, in its order."""
    waiting = plenary.reorderings.filter(status=ReorderingStatus.PROPOSED)
    return (
        waiting.select_related("entry__submission", "entry__proposal", "proposed_by")
        .defer("entry__submission__content")
        .order_by("number")
    )


def moves_of(rows: Iterable[Reordering]) -> list[Move]:
    return [Move(row.entry.submission.receipt, row.place, row.reason) for row in rows]


def list_after(ranking: Ranking, moves: Sequence[Move]) -> tuple[Line, ...]:
    """The frozen list with further moves; raises `RuleError` where one cannot be made."""
    law, entries = law_from_plain(ranking.law), entries_from_plain(ranking.inputs)
    lines = rank_entries(law, entries).lines
    made = moves_from_plain(ranking.reorderings)
    return reorder(law, lines, entries=entries, moves=[*made, *moves])


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """One entry whose place would be another."""

    title: str
    before: int | None
    after: int | None
    was_inside: bool
    is_inside: bool
    is_moved: bool

    @property
    def matters(self) -> bool:
        """Others only make room."""
        return self.is_moved or self.was_inside != self.is_inside


def shifts_of(ranking: Ranking, moves: Sequence[Move]) -> list[Shift]:
    """What confirming would change against the frozen version, in the new order."""
    after = {line.key: line for line in list_after(ranking, moves)}
    touched = {move.key for move in moves}
    rows = ranking.standings.order_by("order").values_list(
        "entry__submission__receipt", F("entry__submission__title"), "place", "tiers", "advances"
    )
    found = [
        Shift(
            title=title,
            before=place,
            after=after[key].place,
            was_inside=bool(tiers) or advances,
            is_inside=bool(after[key].tiers) or after[key].advances,
            is_moved=key in touched,
        )
        for key, title, place, tiers, advances in rows
        if after[key].place != place
    ]
    return sorted(found, key=lambda each: each.after or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An item on a judge's own screen. Who must leave reads neither title nor unit."""

    position: int
    title: str
    unit: str
    leaves: bool
    is_now: bool
    is_done: bool


def sitting_of(actor: Actor, stage_pk: int) -> Plenary | None:
    """The session that the person sits in as an accepted judge; others find none."""
    if actor.user_id is None:
        return None
    return (
        Plenary.objects.filter(
            closed_at=None,
            ranking__stage_id=stage_pk,
            ranking__stage__status=StageStatus.CLOSED,
            ranking__stage__panel__user_id=actor.user_id,
            ranking__stage__panel__status=SeatStatus.ACCEPTED,
        )
        .select_related("ranking__stage__competition")
        .defer("ranking__inputs")
        .first()
    )


def barred_entries(actor: Actor, stage: Stage) -> frozenset[int]:
    """Entries that the person, as a judge of the stage, must leave the room for."""
    if actor.user_id is None:
        return frozenset()
    seats = Panelist.objects.filter(stage=stage, user_id=actor.user_id)
    return frozenset(Conflict.objects.filter(panelist__in=seats).values_list("entry_id", flat=True))


def seen_item(row: PlenaryItem, *, plenary: Plenary, barred: frozenset[int]) -> Seen:
    leaves = row.entry_id in barred
    is_now = row.position == plenary.current
    return Seen(
        position=row.position,
        title="" if leaves else getattr(row, "title", ""),
        unit="" if leaves else getattr(row, "unit", ""),
        leaves=leaves,
        is_now=is_now,
        is_done=row.called_at is not None and not is_now,
    )
