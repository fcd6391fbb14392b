"""Parts of a competition's public page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from competitions import timeline
from competitions.models import Announcement, Competition, Track, Workshop
from competitions.queries.deadlines import effective_end


@dataclass(frozen=True, slots=True)
class WorkshopBox:
    """A workshop with its seats. Signing up ends with the workshop itself."""

    workshop: Workshop
    taken: int
    state: timeline.State

    @property
    def left(self) -> int:
        return max(0, self.workshop.seats - self.taken)

    @property
    def is_full(self) -> bool:
        return self.left == 0

    @property
    def takes_signups(self) -> bool:
        return self.state is not timeline.State.OVER and not self.is_full


def announcements_of(competition: Competition) -> QuerySet[Announcement]:
    return competition.announcements.all()


def tracks_of(competition: Competition) -> QuerySet[Track]:
    return competition.tracks.prefetch_related("sections", "slots", "rules")


def workshop_boxes(competition: Competition, *, at: datetime) -> tuple[WorkshopBox, ...]:
    workshops = (
        Workshop.objects.filter(round__competition=competition)
        .select_related("round__competition__host")
        .prefetch_related("round__extensions__unit")
        .annotate(taken=Count("attendees"))
        .order_by("round__starts_at", "pk")
    )
    return tuple(
        WorkshopBox(workshop, workshop.taken, _state(workshop, at=at)) for workshop in workshops
    )


def workshop_box(workshop: Workshop, *, at: datetime) -> WorkshopBox:
    return WorkshopBox(workshop, workshop.attendees.count(), _state(workshop, at=at))


def _state(workshop: Workshop, *, at: datetime) -> timeline.State:
    round_ = workshop.round
    return timeline.state_at(round_.starts_at, effective_end(round_), at=at)
