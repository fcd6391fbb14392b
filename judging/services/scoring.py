"""What a judge does with a scorecard. Savers hold the stage, so that no close slips between."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import NoReturn

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.audit import record
from accounts.models import User
from judging.models import Assignment, Conflict, Criterion, Stage
from judging.queries.law import weights_of
from judging.ranking.numbers import plain
from judging.ranking.scores import card_total
from judging.services.locks import SHARED, hold_open
from judging.workflow import ASSIGNMENT_FLOW, AssignmentMove, AssignmentStatus, StageStatus
from kipp.lib.prepared import Statement

COMMENT_MAX = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What was typed, by the criteria's keys. What is not named here stays as it was saved.

    A value of `None` takes an earlier value away.
    """

    values: Mapping[str, Decimal | None]
    comments: Mapping[str, str] = field(default_factory=dict)
    comment: str | None = None
    comes_back: bool | None = None


@transaction.atomic
def declare_no_conflict(assignment: Assignment, *, by: User, at: datetime) -> None:
    """The judge states to be free of conflict; only then the proposal opens."""
    _check_owner(assignment, by)
    hold_open(assignment.entry.stage_id)
    if assignment.declared_at:
        return  # pressed twice: the sheet that opened meanwhile stays the newest
    _touch(assignment, version=assignment.version, declared_at=at)
    record(by, "scorecard.declared", assignment, at=at)


@transaction.atomic
def declare_conflict(assignment: Assignment, *, reason: str, by: User, at: datetime) -> None:
    """The judge steps back from an entry: the sheet no longer counts and the seat is free."""
    if not reason.strip():
        raise ValidationError(_("Write the reason of the conflict."), code="reason")
    _check_owner(assignment, by)
    hold_open(assignment.entry.stage_id)
    Conflict.objects.get_or_create(
        panelist=assignment.panelist,
        entry=assignment.entry,
        defaults={"ground": Conflict.Ground.DECLARED, "note": reason.strip(), "noted_at": at},
    )
    ASSIGNMENT_FLOW.advance(assignment, AssignmentMove.RECUSE)
    record(by, "scorecard.recused", assignment, at=at, reason=reason.strip())


def save_scorecard(
    assignment: Assignment, *, sheet: Sheet, version: int, by: User, at: datetime
) -> None:
    """Keep what was typed so far. `version` is the one that the judge's page was made from."""
    _check_owner(assignment, by)
    _write_sheet(assignment, sheet, version=version, at=at)


@transaction.atomic
def submit_scorecard(
    assignment: Assignment, *, sheet: Sheet, version: int, by: User, at: datetime
) -> None:
    """Keep the sheet and hand it in with its total; it counts from here on."""
    _check_owner(assignment, by)
    _write_sheet(assignment, sheet, version=version, at=at)
    weights = weights_of(assignment.entry.stage)
    given = assignment.scores.values_list("criterion__key", "value")
    card = {key: value for key, value in given if key in weights and value is not None}
    if missing := len(weights) - len(card):
        raise ValidationError(
            ngettext(
                "%(count)s criterion has no value yet.",
                "%(count)s criteria have no value yet.",
                missing,
            ),
            code="incomplete",
            params={"count": missing},
        )
    ASSIGNMENT_FLOW.advance(
        assignment, AssignmentMove.SUBMIT, submitted_at=at, total=card_total(weights, card)
    )
    record(by, "scorecard.submitted", assignment, at=at)


@transaction.atomic
def revise_scorecard(assignment: Assignment, *, reason: str, by: User, at: datetime) -> None:
    """Take a submitted sheet back to change it, with a reason that stays on record."""
    if not reason.strip():
        raise ValidationError(_("Write why you change the scorecard."), code="reason")
    _check_owner(assignment, by)
    hold_open(assignment.entry.stage_id)
    ASSIGNMENT_FLOW.advance(assignment, AssignmentMove.REVISE, submitted_at=None, total=None)
    record(by, "scorecard.revised", assignment, at=at, reason=reason.strip())


@transaction.atomic
def mark_scorecard(assignment: Assignment, *, comes_back: bool, by: User) -> None:
    """Keep or drop the judge's note to come back.

    It changes nothing that counts: no version, and no entry in a trail that others read.
    """
    hold_open(assignment.entry.stage_id)
    _check_owner(assignment, by)
    Assignment.objects.filter(pk=assignment.pk).update(comes_back=comes_back)
    assignment.comes_back = comes_back


def _check_owner(assignment: Assignment, by: User) -> None:
    if assignment.panelist.user_id != by.pk:
        raise ValidationError(_("Only the judge fills in a scorecard."), code="not_yours")


def _write_sheet(assignment: Assignment, sheet: Sheet, *, version: int, at: datetime) -> None:
    if assignment.declared_at is None:
        raise ValidationError(_("Declare first that you have no conflict."), code="undeclared")
    criteria = list(assignment.entry.stage.criteria.all())
    _check_sheet(assignment.entry.stage, criteria, sheet)
    written = _WRITE.ask(
        stage=assignment.entry.stage_id,
        open=StageStatus.OPEN.value,
        sheet=assignment.pk,
        version=version,
        pending=AssignmentStatus.PENDING.value,
        at=at,
        comment=sheet.comment,
        comes_back=sheet.comes_back,
        typed=json.dumps([_typed(each.pk, each.key, sheet) for each in criteria]),
    )
    if not written:
        _refuse(assignment)
    [(assignment.version, assignment.started_at, assignment.comment, assignment.comes_back)] = (
        written
    )


# The lock and all of the sheet or nothing, in one message. What was not typed stays as it was
# saved, and no score is written again as it stands.
_WRITE = Statement(
    """
WITH held AS (
    UPDATE judging_assignment AS sheet
    SET version = version + 1, started_at = coalesce(started_at, %(at)s),
        comment = coalesce(%(comment)s, comment), comes_back = coalesce(%(comes_back)s, comes_back)
    WHERE id = %(sheet)s AND version = %(version)s::numeric  -- a browser may send any number
      AND status = %(pending)s
      AND EXISTS (SELECT FROM judging_stage WHERE id = %(stage)s AND status = %(open)s)
      AND NOT EXISTS (
        SELECT FROM judging_conflict AS barring
        WHERE barring.panelist_id = sheet.panelist_id AND barring.entry_id = sheet.entry_id)
    RETURNING id, version, started_at, comment, comes_back
), scored AS (
    INSERT INTO judging_score (assignment_id, criterion_id, value, comment)
    SELECT held.id, typed.criterion,
           CASE WHEN typed.has_value THEN typed.value ELSE saved.value END,
           coalesce(typed.comment, saved.comment, '')
    FROM held CROSS JOIN jsonb_to_recordset(%(typed)s::jsonb)
         AS typed (criterion bigint, has_value boolean, value numeric, comment text)
    LEFT JOIN judging_score AS saved
         ON saved.assignment_id = held.id AND saved.criterion_id = typed.criterion
    WHERE typed.has_value AND (saved.id IS NULL OR typed.value IS DISTINCT FROM saved.value)
       OR typed.comment IS NOT NULL AND typed.comment IS DISTINCT FROM saved.comment
    ON CONFLICT (assignment_id, criterion_id)
    DO UPDATE SET value = excluded.value, comment = excluded.comment
)
SELECT version, started_at, comment, comes_back FROM held
""",
    holding=SHARED,
)


def _typed(criterion: int, key: str, sheet: Sheet) -> dict[str, object]:
    value = sheet.values.get(key)
    return {
        "criterion": criterion,
        "has_value": key in sheet.values,
        "value": None if value is None else str(value),
        "comment": sheet.comments.get(key),
    }


def _check_sheet(stage: Stage, criteria: list[Criterion], sheet: Sheet) -> None:
    """Refuse a whole sheet for one bad cell, and say which."""
    errors = {}
    for criterion in criteria:
        value = sheet.values.get(criterion.key)
        if value is not None and not stage.scale.allows(value):
            errors[criterion.key] = off_scale(stage)
        if len(sheet.comments.get(criterion.key, "")) > COMMENT_MAX:
            errors[criterion.key] = too_long()
    if len(sheet.comment or "") > COMMENT_MAX:
        errors["comment"] = too_long()
    if errors:
        raise ValidationError(errors)


def off_scale(stage: Stage) -> ValidationError:
    return ValidationError(
        _("Give a number from %(low)s to %(high)s in steps of %(step)s."),
        code="off_scale",
        params={
            "low": plain(stage.scale_min).replace(".", ","),
            "high": plain(stage.scale_max).replace(".", ","),
            "step": plain(stage.scale_step).replace(".", ","),
        },
    )


def too_long() -> ValidationError:
    return ValidationError(
        _("Shorten the comment to %(count)s characters."),
        code="too_long",
        params={"count": COMMENT_MAX},
    )


def _touch(assignment: Assignment, *, version: int, **fields: object) -> None:
    """Write to a sheet that is not handed in, unless another tab or device was faster.

    One statement asks for all of it, the conflict of interest included.
    """
    changed = Assignment.objects.filter(
        ~Exists(_conflicts_of(assignment)),
        pk=assignment.pk,
        version=version,
        status=AssignmentStatus.PENDING,
    ).update(version=F("version") + 1, **fields)
    if not changed:
        _refuse(assignment)
    assignment.version = version + 1
    for name, value in fields.items():
        setattr(assignment, name, value)


def _conflicts_of(assignment: Assignment) -> QuerySet[Conflict]:
    return Conflict.objects.filter(panelist=assignment.panelist_id, entry=assignment.entry_id)


def _refuse(assignment: Assignment) -> NoReturn:
    hold_open(assignment.entry.stage_id)
    if _conflicts_of(assignment).exists():
        raise ValidationError(_("A conflict of interest is on record."), code="conflict")
    raise ValidationError(
        _("This scorecard was changed in another window. Compare before you save again."),
        code="stale",
    )
