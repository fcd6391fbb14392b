"""What a judge sees: own sheets only, in the judge's own order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from competitions.roles import Actor
from judging.models import Assignment, Conflict, Criterion, Panelist, Stage
from judging.workflow import AssignmentStatus, SeatStatus, StageStatus
from kipp.lib.prepared import Prepared, given, keep
from kipp.lib.web import PAGE


class SheetState(models.TextChoices):
    """The four states of a scorecard on the desk."""

    UNREAD = "unread", _("Not opened")
    STARTED = "started", _("Started")
    SUBMITTED = "submitted", _("Submitted")
    RECUSED = "recused", _("Recused")


TONES: Mapping[str, str] = {
    SheetState.UNREAD: "muted",
    SheetState.STARTED: "wait",
    SheetState.SUBMITTED: "ok",
    SheetState.RECUSED: "info",
}

STATE = Case(
    When(status=AssignmentStatus.RECUSED, then=Value(SheetState.RECUSED)),
    When(status=AssignmentStatus.SUBMITTED, then=Value(SheetState.SUBMITTED)),
    When(started_at__isnull=False, then=Value(SheetState.STARTED)),
    default=Value(SheetState.UNREAD),
    output_field=models.CharField(),
)


# What the judge wants to see again; not a state, so it stands beside them in the filter only.
COMES_BACK = "kembali"
MARKED = Q(comes_back=True) & ~Q(status=AssignmentStatus.RECUSED)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a judge is; recused sheets are nobody's duty, and listed all the same."""

    done: int
    total: int
    marked: int = 0
    listed: int = 0

    @property
    def is_complete(self) -> bool:
        return self.done == self.total


def desk_stages(actor: Actor) -> QuerySet[Stage, Any]:
    """Stages that have opened with the person on the panel, with counts of the own sheets."""
    own = Q(entries__assignments__panelist__user_id=actor.user_id)
    owed = own & ~Q(entries__assignments__status=AssignmentStatus.RECUSED)
    done = own & Q(entries__assignments__status=AssignmentStatus.SUBMITTED)
    return (
        Stage.objects.judged_by(actor)
        .select_related("competition", "round")
        .annotate(
            total_count=Count("entries__assignments", filter=owed, distinct=True),
            done_count=Count("entries__assignments", filter=done, distinct=True),
        )
        .order_by(Case(When(status=StageStatus.OPEN, then=0), default=1), "-opened_at")
    )


def stage_read_by(actor: Actor, pk: int) -> Stage | None:
    """One of them, with what its queue shows."""
    return READ.first(user=actor.user_id, stage=pk)


def seats_to_answer(actor: Actor) -> QuerySet[Panelist]:
    """Own seats that wait for an answer, or whose answer may still be changed."""
    if actor.user_id is None:
        return Panelist.objects.none()
    return (
        Panelist.objects.filter(
            Q(status=SeatStatus.INVITED, stage__status__in=(StageStatus.SETUP, StageStatus.OPEN))
            | Q(status=SeatStatus.ACCEPTED, stage__status=StageStatus.SETUP),
            user_id=actor.user_id,
        )
        .select_related("stage__competition__host", "stage__round")
        .order_by("stage__round__starts_at", "pk")
    )


# Takes the place of the actor in a query that is prepared before anybody asks.
JUDGE = cast("Actor", SimpleNamespace(user_id=given("user")))
READ = Prepared(
    lambda: (
        Stage.objects.judged_by(JUDGE)
        .filter(pk=given("stage"))
        .select_related("competition", "round")
        .only(
            "name",
            "status",
            "kind",
            "scored_on",
            "competition__name",
            "competition__time_zone",
            "round__ends_at",
        )
    )
)
PROGRESS = Prepared(
    lambda: (
        Assignment.objects.visible_to(JUDGE)
        .filter(entry__stage=given("stage"))
        .order_by()
        .values_list("entry__stage")
        .annotate(
            total=Count("pk", filter=~Q(status=AssignmentStatus.RECUSED)),
            done=Count("pk", filter=Q(status=AssignmentStatus.SUBMITTED)),
            marked=Count("pk", filter=MARKED),
            listed=Count("pk"),
        )
    )
)


def progress_of(actor: Actor, stage: Stage) -> Progress:
    counted = PROGRESS.first(user=actor.user_id, stage=stage.pk)
    if counted is None:
        return Progress(done=0, total=0)
    _stage, total, done, marked, listed = counted
    return Progress(done=done, total=total, marked=marked, listed=listed)


def queue_of(actor: Actor, stage: Stage, *, state: str = "") -> QuerySet[Assignment, Any]:
    """By the names of the frozen copy, which is what the judge reads.

    `state`: of `SheetState`, or `COMES_BACK`.
    """
    rows = _lines_of(actor, stage)
    if state:
        rows = rows.filter(MARKED if state == COMES_BACK else Q(state=state))
    return rows


def first_lines(actor: Actor, stage: Stage) -> list[dict[str, Any]]:
    """The first page of the whole queue, which most looks at it ask for."""
    return FIRST.ask(user=actor.user_id, stage=stage.pk)


def _lines_of(actor: Actor, stage: Any) -> QuerySet[Assignment, Any]:
    return (
        Assignment.objects.visible_to(actor)
        .filter(entry__stage=stage)
        .annotate(state=STATE)
        .order_by("position", "pk")
        .values(
            "pk",
            "position",
            "state",
            "total",
            "comes_back",
            title=F("entry__submission__title"),
            unit=F("entry__submission__unit_name"),
            receipt=F("entry__submission__receipt"),
        )
    )


FIRST = Prepared(lambda: _lines_of(JUDGE, given("stage"))[:PAGE])


def next_sheet(assignment: Assignment) -> Assignment | None:
    """The judge's next open sheet after this one, around the end of the queue.

    What is marked to come back to waits until the rest is done.
    """
    waiting = Assignment.objects.filter(
        panelist_id=assignment.panelist_id, status=AssignmentStatus.PENDING
    ).exclude(pk=assignment.pk)
    is_before = Case(When(position__gt=assignment.position, then=0), default=1)
    return waiting.order_by("comes_back", is_before, "position", "pk").first()


def marked_sheets(assignment: Assignment) -> QuerySet[Assignment]:
    """What the same judge still wants to come back to."""
    return Assignment.objects.filter(MARKED, panelist_id=assignment.panelist_id)


def _sheets_of(actor: Actor) -> QuerySet[Assignment]:
    """The frozen copy, 16 KB and more, is read by the pages that show it."""
    barring = Conflict.objects.filter(panelist=OuterRef("panelist"), entry=OuterRef("entry"))
    return (
        Assignment.objects.visible_to(actor)
        .select_related("entry__stage__competition", "panelist")
        .annotate(is_barred=Exists(barring))
    )


CRITERIA = Prepared(lambda: Criterion.objects.filter(stage=given("stage")))
SHEET = Prepared(lambda: _sheets_of(JUDGE).filter(pk=given("sheet")))
# A save needs few of the 110 columns; its criteria come along as two arrays.
ASKED = Criterion.objects.filter(stage=OuterRef("entry__stage"))
SAVING = Prepared(
    lambda: (
        _sheets_of(JUDGE)
        .filter(pk=given("sheet"))
        .only(
            "status",
            "declared_at",
            "panelist__user",
            "entry__stage__status",
            "entry__stage__scale_min",
            "entry__stage__scale_max",
            "entry__stage__scale_step",
            "entry__stage__competition__time_zone",
        )
        .annotate(asked=ArraySubquery(ASKED.values("pk")), keys=ArraySubquery(ASKED.values("key")))
        .order_by()
    )
)


def sheets_of(actor: Actor) -> QuerySet[Assignment]:
    """The judge's own sheets with what a save needs, in two queries."""
    return _sheets_of(actor).prefetch_related("entry__stage__criteria")


def sheet_of(actor: Actor, pk: int) -> Assignment | None:
    """One of them."""
    found = SHEET.ask(user=actor.user_id, sheet=pk)
    for sheet in found:
        stage = sheet.entry.stage
        keep(stage, "criteria", CRITERIA.ask(stage=stage.pk))
    return found[0] if found else None


def sheet_to_save(actor: Actor, pk: int) -> Assignment | None:
    """One of them, with no more than a save asks for."""
    sheet: Any = SAVING.first(user=actor.user_id, sheet=pk)
    if sheet is not None:
        criteria = zip(sheet.asked, sheet.keys, strict=True)
        keep(sheet.entry.stage, "criteria", [Criterion(pk=pk, key=key) for pk, key in criteria])
    return cast("Assignment | None", sheet)


def values_of(assignment: Assignment) -> dict[str, tuple[Decimal | None, str]]:
    """Value and comment by the criterion's key."""
    saved = assignment.scores.values_list("criterion__key", "value", "comment")
    return {key: (value, comment) for key, value, comment in saved}
