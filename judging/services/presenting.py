"""The timetable from its release on: who is told, swaps, and who presents now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts import mail
from accounts.audit import record
from accounts.models import Message, User
from judging.models import Assignment, Entry, Slot, Timetable
from judging.queries.timetable import left_over, swap_effect
from judging.services.timetable import bump, hold_timetable, require_draft, stale
from judging.workflow import SLOT_FLOW, AssignmentStatus, SlotMove, SlotStatus
from proposals.queries.people import members_of


@transaction.atomic
def release_timetable(timetable: Timetable, *, version: int, by: User, at: datetime) -> Timetable:
    """Show it to everybody and tell the teams and the judges where and when."""
    held = hold_timetable(timetable, version=version)
    require_draft(held)
    if held.seed is None or left_over(held).exists():
        raise ValidationError(
            _("Not every team has a slot yet. Make a draft that holds all of them."), code="short"
        )
    held.released_at, held.released_by = at, by
    bump(held, "released_at", "released_by")
    slots = list(_taken(held))
    _tell_teams(held, slots, kind="judging_slot_given", at=at)
    _tell_judges(held, slots, kind="judging_timetable_released", at=at)
    record(by, "timetable.released", held.stage, at=at, teams=len(slots))
    return held


@transaction.atomic
def recall_timetable(
    timetable: Timetable, *, reason: str, version: int, by: User, at: datetime
) -> Timetable:
    """Make it a draft again before anybody has presented; everybody is told why."""
    if not reason.strip():
        raise ValidationError(_("Write why the timetable is taken back."), code="reason")
    held = hold_timetable(timetable, version=version)
    _require_released(held)
    if held.slots.exclude(status=SlotStatus.WAITING).exists():
        raise ValidationError(
            _("Teams have presented already. Swap the others one by one."), code="begun"
        )
    held.released_at = held.released_by = None
    bump(held, "released_at", "released_by")
    slots = list(_taken(held))
    _tell_teams(held, slots, kind="judging_timetable_recalled", at=at, reason=reason.strip())
    _tell_judges(held, slots, kind="judging_timetable_recalled", at=at, reason=reason.strip())
    record(by, "timetable.recalled", held.stage, at=at, reason=reason.strip())
    return held


@transaction.atomic
def swap_slots(
    timetable: Timetable, *, first: int, second: int, version: int, by: User, at: datetime
) -> Timetable:
    """Change the teams of two slots, by their numbers; one of them may be free.

    After the release the teams that move and their judges are told, and nobody else.
    """
    held = hold_timetable(timetable, version=version)
    slots = {slot.pk: slot for slot in held.slots.filter(pk__in=[first, second])}
    if len(slots) != 2:
        raise ValidationError(_("Choose two different slots."), code="two")
    _require_movable(slots.values())
    here, there = slots[first], slots[second]
    effect = swap_effect(held, here, there)
    if effect.refusals:
        raise ValidationError(effect.refusals[0], code="clash")
    moved = _exchange(here, there)
    bump(held)
    if held.is_released:
        now = list(_taken(held).filter(entry__in=moved))
        _tell_teams(held, now, kind="judging_slot_moved", at=at)
        _tell_judges(held, now, kind="judging_slots_moved", at=at)
    record(
        by,
        "timetable.swapped",
        held.stage,
        at=at,
        first=str(here),
        second=str(there),
        entries=moved,
        broken=list(effect.broken),
    )
    return held


def _require_movable(slots: Iterable[Slot]) -> None:
    if any(slot.status != SlotStatus.WAITING for slot in slots):
        raise ValidationError(
            _("A team that was called keeps its slot. Choose slots that are still to come."),
            code="begun",
        )
    if not any(slot.entry_id for slot in slots):
        raise ValidationError(_("Both slots are free: there is nothing to swap."), code="free")


def _exchange(here: Slot, there: Slot) -> list[int]:
    """A team has one slot at any moment, so the first one is emptied in between."""
    first, second = here.entry_id, there.entry_id
    for slot, entry in ((here, None), (there, first), (here, second)):
        slot.entry_id = entry
        slot.version += 1
        slot.save(update_fields=["entry", "version"])
    return [entry for entry in (first, second) if entry]


def call_team(slot: Slot, *, version: int, by: User, at: datetime) -> None:
    _move(slot, SlotMove.CALL, version=version, by=by, at=at, called_at=at, finished_at=None)


def finish_team(slot: Slot, *, version: int, by: User, at: datetime) -> None:
    _move(slot, SlotMove.FINISH, version=version, by=by, at=at, finished_at=at)


def skip_team(slot: Slot, *, version: int, by: User, at: datetime) -> None:
    """Who is not there; the team may be called later."""
    _move(slot, SlotMove.SKIP, version=version, by=by, at=at, called_at=None)


@transaction.atomic
def _move(
    slot: Slot, move: SlotMove, *, version: int, by: User, at: datetime, **fields: object
) -> None:
    """`version` is the slot's: another team's move does not disturb this one."""
    held = (
        Timetable.objects.select_for_update(of=["self"])
        .select_related("stage")
        .get(pk=slot.timetable_id)
    )
    _require_released(held)
    now = held.slots.get(pk=slot.pk)
    if now.version != version:
        raise stale()
    if now.entry_id is None:
        raise ValidationError(_("No team has this slot."), code="free")
    if move is SlotMove.CALL and _running(held, room=now.room):
        raise ValidationError(
            _("Another team presents in this room. Finish it first."), code="room_busy"
        )
    SLOT_FLOW.advance(now, move, **fields)
    record(by, f"slot.{move.value}", held.stage, at=at, slot=str(now), entry=now.entry_id)


def _running(timetable: Timetable, *, room: str) -> bool:
    return timetable.slots.filter(room=room, status=SlotStatus.NOW).exists()


def _require_released(timetable: Timetable) -> None:
    if not timetable.is_released:
        raise ValidationError(_("The timetable is not released yet."), code="not_now")


def _taken(timetable: Timetable) -> QuerySet[Slot]:
    return timetable.slots.filter(entry__isnull=False).select_related(
        "entry__proposal__unit", "entry__proposal__endorsing_unit"
    )


def _tell_teams(
    timetable: Timetable, slots: Iterable[Slot], *, kind: str, at: datetime, reason: str = ""
) -> None:
    mails = [
        _mail(kind, user, timetable, at=at, occasion=str(slot.pk), slot=slot, reason=reason)
        for slot in slots
        for user in members_of(_entry(slot).proposal)
    ]
    mail.promise(mails)


def _tell_judges(
    timetable: Timetable, slots: Iterable[Slot], *, kind: str, at: datetime, reason: str = ""
) -> None:
    """Each judge one mail with the own teams among these."""
    slot_of = {slot.entry_id: slot for slot in slots}
    sheets = Assignment.objects.filter(entry__in=slot_of).exclude(status=AssignmentStatus.RECUSED)
    heard: dict[User, list[Slot]] = defaultdict(list)
    for sheet in sheets.select_related("panelist__user").order_by("entry__slot__starts_at"):
        heard[sheet.panelist.user].append(slot_of[sheet.entry_id])
    mail.promise(
        _mail(kind, user, timetable, at=at, occasion="judge", slots=own, reason=reason)
        for user, own in heard.items()
    )


def _entry(slot: Slot) -> Entry:
    assert slot.entry is not None  # noqa: S101 - only slots with a team are told of
    return slot.entry


def _mail(
    kind: str, user: User, timetable: Timetable, *, at: datetime, occasion: str, **context: object
) -> Message:
    competition = timetable.stage.competition
    key = f"{kind}:{timetable.pk}:{timetable.version}:{occasion}:{user.pk}"
    facts = {"stage": timetable.stage, "competition": competition, "zone": competition.time_zone}
    return mail.write_mail(
        kind, user, dedupe_key=key, at=at, context=facts | context, about=timetable.stage
    )
