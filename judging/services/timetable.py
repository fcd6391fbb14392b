"""The timetable of a presentation stage until its release: frame, wishes, absences, draft."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from judging.models import Absence, PresentationDay, Slot, Stage, Timetable, Wish
from judging.queries.timetable import absences_of, spans_of, teams_of
from judging.ranking import RuleError
from judging.scheduling import (
    Arrangement,
    Place,
    Span,
    arrange_teams,
    cut_places,
    parse_pause,
    touching_spans,
)
from judging.services.locks import lock_stage, refusal
from judging.workflow import StageStatus

UNFROZEN = frozenset({StageStatus.SETUP, StageStatus.OPEN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Days as moments of the competition's zone; pauses as `judging.scheduling` writes them."""

    slot_minutes: int
    rooms: Sequence[str]
    pauses: Sequence[str]
    days: Sequence[Span]


@transaction.atomic
def set_timetable(stage: Stage, *, frame: Frame, version: int, by: User, at: datetime) -> Timetable:
    """Say when and where. A draft that was made of other days or rooms goes with them.

    `version` is that of the timetable on the page, 0 while there is none.
    """
    locked = lock_stage(stage)
    _require_unfrozen(locked)
    held = Timetable.objects.select_for_update().filter(stage=locked).first()
    if (held.version if held else 0) != version:
        raise stale()
    require_draft(held)
    _check_frame(frame, stage=locked)
    timetable = held or Timetable(stage=locked, version=0)
    timetable.slot_minutes, timetable.seed = frame.slot_minutes, None
    timetable.rooms, timetable.pauses = list(frame.rooms), list(frame.pauses)
    timetable.version += 1
    timetable.full_clean()
    timetable.save()
    timetable.slots.all().delete()
    timetable.days.all().delete()
    PresentationDay.objects.bulk_create(
        PresentationDay(timetable=timetable, starts_at=day.starts, ends_at=day.ends)
        for day in frame.days
    )
    record(
        by,
        "timetable.set",
        locked,
        at=at,
        minutes=frame.slot_minutes,
        rooms=list(frame.rooms),
        days=[[day.starts.isoformat(), day.ends.isoformat()] for day in frame.days],
    )
    return timetable


def _check_frame(frame: Frame, *, stage: Stage) -> None:
    if not frame.days or not frame.rooms:
        raise ValidationError(_("Give at least one day and one room."), code="empty")
    if len({room.casefold() for room in frame.rooms}) < len(frame.rooms):
        raise ValidationError(_("Each room stands on the list once."), code="room_twice")
    for day in frame.days:
        if day.ends <= day.starts:
            raise ValidationError(_("A day ends after it starts."), code="day_ends")
        if day.starts < stage.round.starts_at or day.ends > stage.round.ends_at:
            raise ValidationError(
                _("The days lie within the round of this stage. Extend the round first."),
                code="outside",
            )
    if touching_spans(frame.days):
        raise ValidationError(_("Two of the days overlap."), code="overlap")
    if not _places(frame):
        raise ValidationError(
            _("No slot of this length fits into the days. Check the hours and the breaks."),
            code="no_slot",
        )


def _places(frame: Frame) -> list[Place]:
    try:
        return cut_places(
            frame.days,
            rooms=frame.rooms,
            pauses=[parse_pause(text) for text in frame.pauses],
            minutes=frame.slot_minutes,
        )
    except RuleError as error:
        raise refusal(error) from error


@transaction.atomic
def draft_timetable(
    timetable: Timetable, *, version: int, by: User, at: datetime, seed: int | None = None
) -> Timetable:
    """Give every team a slot anew; the order is drawn, wishes and absences are minded."""
    held = hold_timetable(timetable, version=version)
    require_draft(held)
    if held.stage.status != StageStatus.OPEN:
        raise ValidationError(
            _("The teams are known once the stage is open. Open it first."), code="not_now"
        )
    drawn = secrets.randbelow(2**31) if seed is None else seed
    arrangement = _arrange(held, seed=drawn)
    held.seed = drawn
    bump(held, "seed")
    record(
        by,
        "timetable.drafted",
        held.stage,
        at=at,
        seed=drawn,
        teams=len(arrangement.placed),
        left_over=len(arrangement.left_over),
        unmet=len(arrangement.unmet),
    )
    return held


def _arrange(timetable: Timetable, *, seed: int) -> Arrangement:
    """New slots in place of the old ones."""
    places = _places(
        Frame(
            slot_minutes=timetable.slot_minutes,
            rooms=timetable.rooms,
            pauses=timetable.pauses,
            days=spans_of(timetable),
        )
    )
    stage = timetable.stage
    teams = teams_of(stage)
    try:
        made = arrange_teams(list(teams.values()), places, absences=absences_of(stage), seed=seed)
    except RuleError as error:
        raise refusal(error) from error
    entry_of = {team.key: entry for entry, team in teams.items()}
    entry_at = {place: entry_of[key] for key, place in made.placed.items()}
    timetable.slots.all().delete()
    Slot.objects.bulk_create(
        Slot(
            timetable=timetable,
            room=place.room,
            starts_at=place.span.starts,
            ends_at=place.span.ends,
            entry_id=entry_at.get(place),
        )
        for place in places
    )
    return made


@transaction.atomic
def add_wish(wish: Wish, *, by: User, at: datetime) -> Wish:
    """From the unit or for it; nothing moves by it until the next draft."""
    held = _hold_of(wish.entry.stage)
    require_draft(held)
    wish.noted_at = at
    wish.full_clean()
    wish.save(force_insert=True)
    said = {"day": str(wish.day or ""), "clock": str(wish.clock or ""), "name": str(wish.entry)}
    record(by, "wish.added", held.stage, at=at, entry=wish.entry_id, want=wish.want, **said)
    return wish


@transaction.atomic
def remove_wish(wish: Wish, *, by: User, at: datetime) -> None:
    held = _hold_of(wish.entry.stage)
    require_draft(held)
    said = {"want": wish.want, "name": str(wish.entry)}
    record(by, "wish.removed", held.stage, at=at, entry=wish.entry_id, **said)
    wish.delete()


@transaction.atomic
def add_absence(absence: Absence, *, by: User, at: datetime) -> Absence:
    held = _hold_of(absence.panelist.stage)
    absence.full_clean()
    absence.save(force_insert=True)
    record(
        by,
        "absence.added",
        held.stage,
        at=at,
        name=str(absence.panelist),
        starts_at=absence.starts_at.isoformat(),
        ends_at=absence.ends_at.isoformat(),
    )
    return absence


@transaction.atomic
def remove_absence(absence: Absence, *, by: User, at: datetime) -> None:
    held = _hold_of(absence.panelist.stage)
    record(by, "absence.removed", held.stage, at=at, name=str(absence.panelist))
    absence.delete()


def hold_timetable(timetable: Timetable, *, version: int) -> Timetable:
    """The timetable as it is now, held alone; refused if it is not the one that was shown."""
    held = _hold_of(timetable.stage)
    if held.version != version:
        raise stale()
    return held


def _hold_of(stage: Stage) -> Timetable:
    rows = Timetable.objects.select_for_update(of=["self"]).filter(stage=stage)
    held = rows.select_related("stage__competition", "stage__round").first()
    if held is None:
        raise ValidationError(_("Set the days and the rooms first."), code="no_timetable")
    _require_unfrozen(held.stage)
    return held


def bump(timetable: Timetable, *columns: str) -> None:
    timetable.version += 1
    timetable.save(update_fields=["version", *columns])


def stale() -> ValidationError:
    return ValidationError(
        _("Somebody else changed the timetable. Reload the page to see the present state."),
        code="stale",
    )


def require_draft(timetable: Timetable | None) -> None:
    if timetable and timetable.is_released:
        raise ValidationError(
            _("The timetable is released. Swap teams, or take it back first."), code="not_now"
        )


def _require_unfrozen(stage: Stage) -> None:
    if stage.status not in UNFROZEN:
        raise ValidationError(_("The stage is closed: its timetable stays."), code="closed")
