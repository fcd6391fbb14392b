"""A found conflict that was only a name: taken back with a reason, by somebody else."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from judging.models import Assignment, Conflict, NamesakeDismissal, Panelist, Stage
from judging.queries.conflicts import Found, find_conflicts
from judging.services.locks import lock_stage
from judging.workflow import AssignmentStatus, StageStatus
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
    locked = lock_stage(stage)
    if locked.status not in (StageStatus.SETUP, StageStatus.OPEN):
        raise ValidationError(
            _("The stage is closed: its conflicts stay as they were."), code="not_now"
        )
    if panelist.user_id == by.pk:
        raise ValidationError(
            _("Somebody else decides on your own conflict."), code="second_person"
        )
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
