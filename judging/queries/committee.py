"""What the committee watches while judges work: counts. No value and no total is read here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, Value, When

from competitions.models import Competition
from judging.models import Entry, Panel, Panelist, Stage
from judging.panels import PanelKind, kinds_for
from judging.workflow import SEAT_TONES, AssignmentStatus, SeatStatus, StageStatus

SUBMITTED = Q(assignments__status=AssignmentStatus.SUBMITTED)
RECUSED = Q(assignments__status=AssignmentStatus.RECUSED)
PENDING = Q(assignments__status=AssignmentStatus.PENDING)
STARTED = PENDING & Q(assignments__started_at__isnull=False)


SHEETS = {
    "sheet_count": Count(
        "entries__assignments",
        filter=~Q(entries__assignments__status=AssignmentStatus.RECUSED),
        distinct=True,
    ),
    "done_count": Count(
        "entries__assignments",
        filter=Q(entries__assignments__status=AssignmentStatus.SUBMITTED),
        distinct=True,
    ),
}


def stages_of(competition: Competition) -> QuerySet[Stage]:
    """Stages in their order with the size of panel and field and how far the scoring is."""
    return (
        Stage.objects.filter(competition=competition)
        .select_related("round")
        .annotate(
            judge_count=Count("panel", distinct=True),
            entry_count=Count("entries", distinct=True),
            **SHEETS,
        )
        .order_by("order", "pk")
    )


def open_stages(competitions: Iterable[int]) -> QuerySet[Stage, Any]:
    """Where judges work now in these competitions, and how far the scoring is."""
    return (
        Stage.objects.filter(competition__in=competitions, status=StageStatus.OPEN)
        .annotate(slug=F("competition__slug"), kicker=F("competition__name"), **SHEETS)
        .order_by("-competition__year", "order", "pk")
        .values("slug", "kicker", "key", "name", "done_count", "sheet_count")
    )


def judge_progress(stage: Stage) -> QuerySet[Panelist, Any]:
    """Per judge how many sheets are owed, started, submitted, recused."""
    return (
        Panelist.objects.filter(stage=stage)
        .annotate(
            name=F("user__full_name"),
            email=F("user__email"),
            owed_count=Count("assignments", filter=~RECUSED),
            done_count=Count("assignments", filter=SUBMITTED),
            started_count=Count("assignments", filter=STARTED),
            recused_count=Count("assignments", filter=RECUSED),
            open_count=Count("assignments", filter=PENDING),
        )
        .order_by("name", "pk")
        .values(
            "pk",
            "name",
            "email",
            "kind",
            "status",
            "capacity",
            "answer_note",
            "owed_count",
            "done_count",
            "started_count",
            "recused_count",
            "open_count",
        )
    )


def entry_progress(stage: Stage) -> QuerySet[Entry, Any]:
    """Per entry how many readings are in; those with the fewest come first."""
    return (
        Entry.objects.filter(stage=stage)
        .annotate(
            title=F("proposal__title"),
            unit=F("proposal__unit__name"),
            owed_count=Count("assignments", filter=~RECUSED),
            done_count=Count("assignments", filter=SUBMITTED),
            recused_count=Count("assignments", filter=RECUSED),
            is_short=Case(When(done_count__lt=F("owed_count"), then=Value(0)), default=Value(1)),
        )
        .order_by("is_short", "done_count", "title")
        .values("pk", "title", "unit", "owed_count", "done_count", "recused_count")
    )


def open_sheet_count(stage: Stage) -> int:
    return stage.entries.filter(PENDING).values("assignments__pk").count()


def has_recused_sheets(stage: Stage) -> bool:
    return stage.entries.filter(RECUSED).exists()


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelLine:
    kind: str
    name: str
    readings: int | None
    capacity: int | None
    judges: int
    is_checking: bool


def panels_of(stage: Stage) -> list[PanelLine]:
    """Every kind of panel that may sit here, with the terms of this stage, set up or not."""
    rows = {panel.kind: panel for panel in Panel.objects.filter(stage=stage)}
    seats = Counter(Panelist.objects.filter(stage=stage).values_list("kind", flat=True))
    return [_panel_line(kind, rows.get(kind), judges=seats[kind]) for kind in kinds_for(stage.kind)]


def _panel_line(kind: PanelKind, panel: Panel | None, *, judges: int) -> PanelLine:
    return PanelLine(
        kind=kind.value,
        name=str(panel or kind.label),
        readings=panel.readings if panel else None,
        capacity=panel.capacity if panel else None,
        judges=judges,
        is_checking=kind is PanelKind.FIELD,
    )


def judge_lines(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of `judge_progress` with the words of kind and answer."""
    return [
        {
            **row,
            "kind_label": PanelKind(row["kind"]).label,
            "status_label": SeatStatus(row["status"]).label,
            "tone": SEAT_TONES[row["status"]],
        }
        for row in rows
    ]
