"""Who judges: seats given, offered, answered, given back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import mail
from accounts import services as accounts
from accounts.audit import gathering, record
from accounts.models import Unit, User
from competitions.models import Category, Track
from judging.codes import draw_code
from judging.models import Assignment, Panel, Panelist, Stage
from judging.panels import FIRST_KIND, IDLE, kinds_for
from judging.services.locks import lock_setup, lock_stage
from judging.workflow import SEAT_FLOW, AssignmentStatus, SeatMove, SeatStatus, StageStatus
from kipp.lib.workflow import stale

ALIAS_LENGTH = 6
ANSWERABLE = frozenset({StageStatus.SETUP, StageStatus.OPEN})


@transaction.atomic
def seat_panelist(
    stage: Stage,
    *,
    user: User,
    by: User,
    at: datetime,
    capacity: int | None = None,
    kind: str = "",
) -> Panelist:
    """Give a person a seat without asking, as a decree does, while the stage is being set up.

    Without a `kind` the seat is of the kind that suits the stage.
    """
    locked = lock_setup(stage)
    panelist = _new_seat(locked, user, kind=kind, capacity=capacity, at=at)
    panelist.save()
    accounts.require_mfa(user, by=by, at=at)
    record(by, "panelist.seated", locked, at=at, user=user.pk, name=str(user))
    return panelist


@transaction.atomic
@gathering()
def invite_panelist(
    stage: Stage,
    *,
    email: str,
    full_name: str,
    by: User,
    at: datetime,
    capacity: int | None = None,
    kind: str = "",
) -> Panelist:
    """Offer a seat: a newcomer gets the way in by mail, whoever has an account the question."""
    locked = lock_setup(stage)
    user = accounts.register_person(email, full_name=full_name, by=by, at=at)
    panelist = _new_seat(locked, user, kind=kind, capacity=capacity, at=at)
    panelist.status = SeatStatus.INVITED
    panelist.save()
    purpose = f"{stage.competition}: {stage}"
    if accounts.invite_person(user, purpose=purpose, by=by, at=at) is None:
        _offer(panelist, at=at)
    record(by, "panelist.invited", locked, at=at, user=user.pk, name=str(user))
    return panelist


def _new_seat(
    stage: Stage, user: User, *, kind: str, capacity: int | None, at: datetime
) -> Panelist:
    chosen = kind or FIRST_KIND[stage.kind]
    if chosen not in kinds_for(stage.kind):
        raise ValidationError({"kind": IDLE})
    panel = Panel.objects.filter(stage=stage, kind=chosen).first()
    panelist = Panelist(
        stage=stage,
        user=user,
        kind=chosen,
        capacity=capacity or (panel.capacity if panel else None),
        seated_at=at,
        alias=draw_code(ALIAS_LENGTH),
    )
    panelist.full_clean()
    return panelist


def _offer(panelist: Panelist, *, at: datetime) -> None:
    stage = panelist.stage
    mail.send_later(
        "judging_seat_offered",
        panelist.user,
        dedupe_key=f"judging.offered:{panelist.pk}",
        at=at,
        context={"stage": stage, "competition": stage.competition, "panelist": panelist},
        about=stage,
    )


@transaction.atomic
def accept_seat(
    panelist: Panelist,
    *,
    capacity: int | None,
    tracks: Iterable[Track],
    categories: Iterable[Category],
    tied_units: Iterable[Unit],
    note: str,
    version: int,
    by: User,
    at: datetime,
) -> None:
    """The judge agrees, and says how much, in which fields, and where not to be asked.

    Answers may be given again; nobody takes on more than was offered.
    """
    held = _hold(panelist, version=version, by=by)
    if held.capacity is not None and (capacity is None or capacity > held.capacity):
        raise ValidationError(
            {
                "capacity": _("At most %(count)s. Ask the committee if you can read more.")
                % {"count": held.capacity}
            }
        )
    SEAT_FLOW.advance(
        held, SeatMove.ACCEPT, capacity=capacity, answer_note=note.strip(), answered_at=at
    )
    held.tracks.set(tracks)
    held.categories.set(categories)
    held.tied_units.set(tied_units)
    accounts.require_mfa(by, by=by, at=at)
    record(by, "panelist.accepted", held.stage, at=at, user=by.pk, name=str(by))


@transaction.atomic
def decline_seat(panelist: Panelist, *, reason: str, version: int, by: User, at: datetime) -> None:
    if not reason.strip():
        raise ValidationError(_("Write the reason."), code="reason")
    held = _hold(panelist, version=version, by=by)
    SEAT_FLOW.advance(held, SeatMove.DECLINE, answer_note=reason.strip(), answered_at=at)
    record(
        by, "panelist.declined", held.stage, at=at, reason=reason.strip(), user=by.pk, name=str(by)
    )


def _hold(panelist: Panelist, *, version: int, by: User) -> Panelist:
    stage = lock_stage(panelist.stage)
    if stage.status not in ANSWERABLE:
        raise ValidationError(_("The stage is closed: the seat is not open."), code="closed")
    held = Panelist.objects.select_for_update(of=["self"]).get(pk=panelist.pk)
    if held.user_id != by.pk:
        raise ValidationError(_("Only the invited person answers."), code="not_yours")
    if held.version != version:
        raise stale()
    held.stage = stage
    return held


@transaction.atomic
def unseat_panelist(panelist: Panelist, *, by: User, at: datetime) -> None:
    locked = lock_setup(panelist.stage)
    record(by, "panelist.unseated", locked, at=at, user=panelist.user_id, name=str(panelist.user))
    panelist.delete()


@transaction.atomic
def relieve_panelist(panelist: Panelist, *, reason: str, by: User, at: datetime) -> int:
    """Take a judge off the panel of an open stage; how many scorecards fell free.

    Submitted scorecards count, begun ones stay on the judge's desk, the others are free.
    """
    if not reason.strip():
        raise ValidationError(_("Write the reason."), code="reason")
    stage = lock_stage(panelist.stage)
    if stage.status != StageStatus.OPEN:
        raise ValidationError(_("The stage is not open."), code="not_now")
    held = Panelist.objects.select_for_update(of=["self"]).get(pk=panelist.pk)
    SEAT_FLOW.advance(held, SeatMove.LEAVE)
    free, _rows = Assignment.objects.filter(
        panelist=held, status=AssignmentStatus.PENDING, declared_at=None, started_at=None
    ).delete()
    record(
        by, "panelist.relieved", stage, at=at, reason=reason.strip(), user=held.user_id,
        name=str(panelist.user), freed=free,
    )  # fmt: skip
    return free


@transaction.atomic
def set_up_panel(
    stage: Stage,
    *,
    kind: str,
    name: str,
    readings: int | None,
    capacity: int | None,
    by: User,
    at: datetime,
) -> Panel:
    """Say how the stage uses the judges of this kind."""
    locked = lock_setup(stage)
    panel = Panel.objects.filter(stage=locked, kind=kind).first() or Panel(stage=locked, kind=kind)
    if panel.pk and (panel.name, panel.readings, panel.capacity) == (name, readings, capacity):
        return panel
    panel.name, panel.readings, panel.capacity = name, readings, capacity
    panel.full_clean()
    panel.save()
    record(
        by, "panel.changed", locked, at=at, kind=kind, readings=readings, capacity=capacity,
        name=str(panel),
    )  # fmt: skip
    return panel


@transaction.atomic
def remove_panel(panel: Panel, *, by: User, at: datetime) -> None:
    locked = lock_setup(panel.stage)
    if locked.panel.filter(kind=panel.kind).exists():
        raise ValidationError(
            _("Judges sit on the panel of this stage. Unseat them first."), code="in_use"
        )
    record(by, "panel.removed", locked, at=at, kind=panel.kind, name=str(panel))
    panel.delete()
