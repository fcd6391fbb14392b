"""A stage on paper as the matrix of totals is held against it."""

from __future__ import annotations

from collections.abc import Iterable

from judging.matrix import Field, Held, Place, Seat, seat_heads
from judging.models import Assignment, Conflict, Stage
from judging.workflow import AssignmentStatus

HELD = {
    AssignmentStatus.PENDING: Held.OPEN,
    AssignmentStatus.SUBMITTED: Held.SCORED,
    AssignmentStatus.RECUSED: Held.RECUSED,
}


def panel_seats(stage: Stage) -> list[Seat]:
    """The judges who have something to score, by name."""
    reading = stage.panel.filter(assignments__isnull=False).distinct()
    rows = reading.order_by("user__full_name", "pk")
    return seat_heads(rows.values_list("pk", "user__full_name", "alias"))


def field_of(stage: Stage) -> Field:
    return Field(
        titles=dict(entry_lines(stage)),
        seats=panel_seats(stage),
        places=_places(stage),
        scale=stage.scale,
    )


def entry_lines(stage: Stage) -> Iterable[tuple[str, str]]:
    """Receipt and title of every entry, in the order of titles."""
    lines = stage.entries.order_by("submission__title", "pk")
    return lines.values_list("submission__receipt", "submission__title")


def _places(stage: Stage) -> dict[tuple[str, int], Place]:
    """By receipt and seat. Whoever has a conflict, also one found since, counts as stepped back."""
    barred = set(Conflict.objects.filter(entry__stage=stage).values_list("panelist_id", "entry_id"))
    rows = Assignment.objects.filter(entry__stage=stage).order_by()
    named = ("pk", "entry_id", "entry__submission__receipt", "panelist_id", "status", "total")
    places = {}
    for pk, entry_id, receipt, panelist_id, status, total in rows.values_list(*named):
        held = HELD[AssignmentStatus(status)]
        if held is Held.OPEN and (panelist_id, entry_id) in barred:
            held = Held.RECUSED
        places[receipt, panelist_id] = Place(held, pk, total)
    return places
