"""Which stages a competition has, in which order: both may change until the first one opens."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from competitions.models import Competition, Round
from competitions.services.ordering import shift
from competitions.services.setup import STALE, free_key, hold_for_setup
from judging.models import Stage
from judging.services.locks import lock_setup
from judging.workflow import StageStatus


@transaction.atomic
def add_stage(stage: Stage, *, by: User, at: datetime) -> None:
    """Put a new stage at the end of the line; its key is made from its name."""
    held = hold_for_setup(stage.competition)
    _check_line(held)
    if stage.round.competition_id != held.pk or stage.round.kind != Round.Kind.JUDGING:
        raise ValidationError({"round": _("Choose a judging round of this competition.")})
    line = Stage.objects.filter(competition=held)
    stage.order = (line.aggregate(last=Max("order"))["last"] or 0) + 1
    stage.key = free_key(stage.name, taken=set(line.values_list("key", flat=True)))
    stage.full_clean()
    stage.save(force_insert=True)
    record(by, "stage.added", held, at=at, name=stage.name, key=stage.key)


@transaction.atomic
def remove_stage(stage: Stage, *, by: User, at: datetime, version: int) -> None:
    """Take the stage and its rubric out; its judges must have left the panel."""
    held = hold_for_setup(stage.competition)
    _check_line(held)
    locked = lock_setup(stage)
    if locked.version != version:
        raise ValidationError(STALE, code="stale")
    if locked.panel.exists():
        raise ValidationError(
            _("Judges sit on the panel of this stage. Unseat them first."), code="in_use"
        )
    locked.delete()
    record(by, "stage.removed", held, at=at, name=stage.name, key=stage.key)


@transaction.atomic
def move_stage_up(stage: Stage, *, by: User, at: datetime, version: int) -> None:
    """Change places with the stage above; the first one stays where it is."""
    _move(stage, -1, by=by, at=at, version=version)


@transaction.atomic
def move_stage_down(stage: Stage, *, by: User, at: datetime, version: int) -> None:
    """Change places with the stage below; the last one stays where it is."""
    _move(stage, 1, by=by, at=at, version=version)


def _move(stage: Stage, step: int, *, by: User, at: datetime, version: int) -> None:
    held = hold_for_setup(stage.competition)
    line = list(Stage.objects.select_for_update().filter(competition=held).order_by("order", "pk"))
    _check_line(held)
    place = next((place for place, row in enumerate(line) if row.pk == stage.pk), None)
    if place is None or line[place].version != version:
        raise ValidationError(STALE, code="stale")
    if shift(line, place=place, step=step):
        record(by, "stage.moved", held, at=at, name=stage.name, place=place + step + 1)


def _check_line(competition: Competition) -> None:
    """A later stage decides what an earlier one passes on, so the line is fixed with the first."""
    opened = Stage.objects.filter(competition=competition).exclude(status=StageStatus.SETUP)
    if opened.exists():
        raise ValidationError(
            _("A stage was opened: the line of stages is fixed."), code="line_fixed"
        )
