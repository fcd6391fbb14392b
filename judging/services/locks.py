"""Who may touch a stage at the same time: many savers, or one who closes."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from judging.models import Stage
from judging.ranking import RuleError
from judging.workflow import StageStatus
from kipp.lib.prepared import Statement

# Row locks are not fair: savers that never pause would keep whoever closes waiting for ever.
# This lock is a queue, so it is taken first, by everybody.
QUEUE = 0x4A5552


# Nobody moves a stage without the lock that `lock_stage` takes, so the row needs none of its own.
SHARED = f"SELECT pg_advisory_xact_lock_shared({QUEUE}, %(stage)s)"
STATUS = Statement("SELECT status FROM judging_stage WHERE id = %(stage)s", holding=SHARED)


def hold_open(stage_id: int) -> None:
    """Keep the stage from closing until this transaction ends; refuse if it is not open.

    Savers share the lock. Whoever closes waits for them, and they wait for whoever closes.
    """
    [(status,)] = STATUS.ask(stage=stage_id)
    if status != StageStatus.OPEN:
        raise ValidationError(
            _("The stage is closed: nothing can be saved any more."), code="closed"
        )


def lock_stage(stage: Stage) -> Stage:
    """The stage as it is now, held alone until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [QUEUE, stage.pk])
    return Stage.objects.select_for_update().get(pk=stage.pk)


def lock_setup(stage: Stage) -> Stage:
    """The stage held alone; refused once it was opened."""
    locked = lock_stage(stage)
    if locked.status != StageStatus.SETUP:
        raise ValidationError(
            _("The stage was opened: its law and its panel are fixed."), code="not_now"
        )
    return locked


def refusal(error: RuleError) -> ValidationError:
    """A broken rule of the pure modules as the sentence that a person reads."""
    return ValidationError(_(error.sentence), code=error.code, params=error.params)
