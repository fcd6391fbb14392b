"""What a judge does with a scorecard. Savers hold the stage, so that no close slips between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.audit import record
from accounts.models import User
from judging.models import Assignment, Conflict, Criterion, Score, Stage
from judging.queries.law import law_of
from judging.ranking.numbers import plain
from judging.ranking.scores import card_total
from judging.services.locks import hold_open
from judging.workflow import ASSIGNMENT_FLOW, AssignmentMove, AssignmentStatus

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


@transaction.atomic
def save_scorecard(
    assignment: Assignment, *, sheet: Sheet, version: int, by: User, at: datetime
) -> None:
    """Keep what was typed so far. `version` is the one that the judge's page was made from."""
    hold_open(assignment.entry.stage_id)
    _check_owner(assignment, by)
    _write_sheet(assignment, sheet, version=version, at=at)


@transaction.atomic
def submit_scorecard(
    assignment: Assignment, *, sheet: Sheet, version: int, by: User, at: datetime
) -> None:
    """Keep the sheet and hand it in with its total; it counts from here on."""
    hold_open(assignment.entry.stage_id)
    _check_owner(assignment, by)
    _write_sheet(assignment, sheet, version=version, at=at)
    law = law_of(assignment.entry.stage)
    given = assignment.scores.values_list("criterion__key", "value")
    card = {key: value for key, value in given if key in law.weights and value is not None}
    if missing := len(law.weights) - len(card):
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
        assignment, AssignmentMove.SUBMIT, submitted_at=at, total=card_total(law, card)
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
    own = {"comment": sheet.comment, "comes_back": sheet.comes_back}
    given = {name: value for name, value in own.items() if value is not None}
    _touch(assignment, version=version, started_at=assignment.started_at or at, **given)
    typed = [each for each in criteria if each.key in sheet.values or each.key in sheet.comments]
    saved = _saved_scores(assignment, typed, sheet)
    Score.objects.bulk_create(
        [_typed_score(assignment, each, sheet, saved=saved.get(each.pk)) for each in typed],
        update_conflicts=True,
        unique_fields=["assignment", "criterion"],
        update_fields=["value", "comment"],
    )


def _saved_scores(
    assignment: Assignment, typed: list[Criterion], sheet: Sheet
) -> Mapping[int, Score]:
    """What stays of the typed criteria; nothing to ask where value and comment both came."""
    if all(each.key in sheet.values and each.key in sheet.comments for each in typed):
        return {}
    return {score.criterion_id: score for score in assignment.scores.all()}


def _typed_score(
    assignment: Assignment, criterion: Criterion, sheet: Sheet, *, saved: Score | None
) -> Score:
    """The row to write: what was typed now, and for the rest what was saved before."""
    value = saved.value if saved else None
    comment = saved.comment if saved else ""
    return Score(
        assignment=assignment,
        criterion=criterion,
        value=sheet.values.get(criterion.key, value),
        comment=sheet.comments.get(criterion.key, comment),
    )


def _conflicts_of(assignment: Assignment) -> QuerySet[Conflict]:
    return Conflict.objects.filter(panelist=assignment.panelist_id, entry=assignment.entry_id)


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
    conflicts = _conflicts_of(assignment)
    changed = Assignment.objects.filter(
        ~Exists(conflicts), pk=assignment.pk, version=version, status=AssignmentStatus.PENDING
    ).update(version=F("version") + 1, **fields)
    if not changed and conflicts.exists():
        raise ValidationError(_("A conflict of interest is on record."), code="conflict")
    if not changed:
        raise ValidationError(
            _("This scorecard was changed in another window. Compare before you save again."),
            code="stale",
        )
    assignment.version = version + 1
    for name, value in fields.items():
        setattr(assignment, name, value)
