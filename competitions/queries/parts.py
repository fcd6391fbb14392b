"""Parts of a competition's public page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import Count

from competitions import timeline
from competitions.models import (
    Announcement,
    AttachmentSlot,
    Category,
    Competition,
    EligibilityRule,
    Section,
    Tier,
    Track,
    Workshop,
)
from competitions.queries.deadlines import effective_end
from competitions.queries.pages import Schedule
from kipp.lib.prepared import Prepared, given


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


@dataclass(frozen=True, slots=True)
class Form:
    """A track with all that it asks."""

    track: Track
    sections: Sequence[Section]
    slots: Sequence[AttachmentSlot]
    rules: Sequence[EligibilityRule]


Part = TypeVar("Part", Section, AttachmentSlot, EligibilityRule)
NEWS = Prepared(lambda: Announcement.objects.filter(competition=given("competition")))
TIERS = Prepared(lambda: Tier.objects.filter(competition=given("competition")))
CATEGORIES = Prepared(lambda: Category.objects.filter(competition=given("competition")))
TRACKS = Prepared(lambda: Track.objects.filter(competition=given("competition")))
SECTIONS = Prepared(lambda: Section.objects.filter(track__competition=given("competition")))
SLOTS = Prepared(lambda: AttachmentSlot.objects.filter(track__competition=given("competition")))
RULES = Prepared(lambda: EligibilityRule.objects.filter(track__competition=given("competition")))
WORKSHOPS = Prepared(
    lambda: (
        Workshop.objects.filter(round__competition=given("competition"))
        .select_related("round")
        .annotate(taken=Count("attendees"))
        .order_by("round__starts_at", "pk")
    )
)


def announcements_of(competition: Competition) -> list[Announcement]:
    return NEWS.ask(competition=competition.pk)


def tiers_of(competition: Competition) -> list[Tier]:
    return TIERS.ask(competition=competition.pk)


def categories_of(competition: Competition) -> list[Category]:
    return CATEGORIES.ask(competition=competition.pk)


def forms_of(competition: Competition) -> list[Form]:
    asked = competition.pk
    sections = _by_track(SECTIONS.ask(competition=asked))
    slots = _by_track(SLOTS.ask(competition=asked))
    rules = _by_track(RULES.ask(competition=asked))
    return [
        Form(track, sections[track.pk], slots[track.pk], rules[track.pk])
        for track in TRACKS.ask(competition=asked)
    ]


def _by_track(parts: Iterable[Part]) -> defaultdict[int, list[Part]]:
    found: defaultdict[int, list[Part]] = defaultdict(list)
    for part in parts:
        found[part.track_id].append(part)
    return found


def workshop_boxes(competition: Competition, *, schedule: Schedule) -> tuple[WorkshopBox, ...]:
    states = {row.round.pk: row.state for row in schedule.rows}
    return tuple(
        WorkshopBox(workshop, workshop.taken, states[workshop.round_id])
        for workshop in WORKSHOPS.ask(competition=competition.pk)
    )


def workshop_box(workshop: Workshop, *, at: datetime) -> WorkshopBox:
    return WorkshopBox(workshop, workshop.attendees.count(), _state(workshop, at=at))


def _state(workshop: Workshop, *, at: datetime) -> timeline.State:
    round_ = workshop.round
    return timeline.state_at(round_.starts_at, effective_end(round_), at=at)
