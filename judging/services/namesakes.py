"""A found conflict that was only a name: taken back with a reason, by somebody else."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from judging.models import Assignment, Conflict, Entry, NamesakeDismissal, Panelist, Stage
from judging.queries.conflicts import Found, find_conflicts
from judging.services.locks import lock_stage
from judging.workflow import ASSIGNMENT_FLOW, AssignmentMove, AssignmentStatus, StageStatus
from proposals.models import Submission


@transaction.atomic
def dismiss_namesake(
    stage: Stage,
    *,
    panelist: Panelist,
    submission: Submission,
    reason: str,
    by: User,
    at: datetime,
) -> None:
    """The name in the team is another person's; other reasons for the conflict stay as they are.

    A judge who gets the entry declares before reading it all the same.
    """
    if not reason.strip():
        raise ValidationError(_("Write how you know that it is another person."), code="reason")
    locked = _hold(stage, panelist, by=by)
    found = _found(panelist, submission, at=at)
    if found is None or not found.is_namesake:
        raise ValidationError(_("No name alone keeps these two apart any more."), code="stale")
    NamesakeDismissal.objects.create(
        user_id=panelist.user_id,
        proposal=submission.proposal,
        reason=reason.strip(),
        dismissed_by=by,
        dismissed_at=at,
    )
    _renew(panelist, submission, left=_found(panelist, submission, at=at))
    record(
        by,
        "conflict.dismissed",
        locked,
        at=at,
        reason=reason.strip(),
        panelist=panelist.pk,
        entry=submission.receipt,
    )


@transaction.atomic
def restore_namesake(
    stage: Stage,
    *,
    panelist: Panelist,
    submission: Submission,
    reason: str,
    by: User,
    at: datetime,
) -> None:
    """Undo a dismissal: the name keeps the two apart again, and a sheet that was begun rests.

    Refused once the scorecard is submitted: only its judge takes it back.
    """
    if not reason.strip():
        raise ValidationError(_("Write why the name counts after all."), code="reason")
    locked = _hold(stage, panelist, by=by)
    pair = {"user": panelist.user_id, "proposal": submission.proposal_id}
    dismissal = NamesakeDismissal.objects.select_for_update().filter(**pair).first()
    if dismissal is None:
        raise ValidationError(_("The two are kept apart again already."), code="stale")
    dismissal.delete()
    if locked.status == StageStatus.OPEN:
        _bar(panelist, submission, at=at)
    record(
        by,
        "conflict.restored",
        locked,
        at=at,
        reason=reason.strip(),
        panelist=panelist.pk,
        entry=submission.receipt,
        dismissed=dismissal.reason,
        dismissed_by=dismissal.dismissed_by_id,
    )


def _hold(stage: Stage, panelist: Panelist, *, by: User) -> Stage:
    locked = lock_stage(stage)
    if locked.status not in (StageStatus.SETUP, StageStatus.OPEN):
        raise ValidationError(
            _("The stage is closed: its conflicts stay as they were."), code="not_now"
        )
    if panelist.user_id == by.pk:
        raise ValidationError(
            _("Somebody else decides on your own conflict."), code="second_person"
        )
    return locked


def _bar(panelist: Panelist, submission: Submission, *, at: datetime) -> None:
    """What an open stage has on record; a team list may name the judge no more."""
    found = _found(panelist, submission, at=at)
    entry = Entry.objects.filter(stage=panelist.stage_id, submission=submission).first()
    if found is None or entry is None:
        return
    sheet = Assignment.objects.filter(panelist=panelist, entry=entry).first()
    if sheet is not None and sheet.status == AssignmentStatus.SUBMITTED:
        raise ValidationError(
            _(
                "The judge has submitted the scorecard of this entry. Only the judge opens it "
                "again and declares the conflict."
            ),
            code="submitted",
        )
    Conflict.objects.get_or_create(
        panelist=panelist,
        entry=entry,
        defaults={"ground": found.ground, "note": found.note, "noted_at": at},
    )
    _renew(panelist, submission, left=found)
    if sheet is not None and sheet.status == AssignmentStatus.PENDING:
        ASSIGNMENT_FLOW.advance(sheet, AssignmentMove.RECUSE)


def _found(panelist: Panelist, submission: Submission, *, at: datetime) -> Found | None:
    return next(iter(find_conflicts([panelist], [submission], at=at)), None)


def _renew(panelist: Panelist, submission: Submission, *, left: Found | None) -> None:
    """What an open stage has on record; what the judge declared is the judge's word and stays."""
    pair = {"panelist": panelist, "entry__submission": submission}
    noted = Conflict.objects.filter(**pair).exclude(ground=Conflict.Ground.DECLARED)
    if left is not None:
        noted.update(ground=left.ground, note=left.note)
    elif not Assignment.objects.filter(**pair, status=AssignmentStatus.RECUSED).exists():
        noted.delete()
