from __future__ import annotations

import secrets
from collections import defaultdict
from datetime import datetime

from django.db import transaction

from accounts import mail
from accounts.audit import record
from accounts.models import User
from competitions.services.setup import fix_tiers, hold_for_setup
from judging.assigning import reading_order
from judging.models import Assignment, AssignmentDraft, Conflict, Entry, Stage
from judging.queries.law import next_stage
from judging.queries.opening import Opening, plan_opening
from judging.services.locks import lock_setup, refusal
from judging.workflow import STAGE_FLOW, StageMove


@transaction.atomic
def open_stage(
    stage: Stage,
    *,
    by: User,
    at: datetime,
    seed: int | None = None,
    draft: AssignmentDraft | None = None,
) -> Stage:
    """Pull the entries, bar the conflicts, hand out the scorecards and tell the judges.

    From here on the law is fixed. Without a draft the seed is drawn now, so that nobody could
    choose it.
    """
    held = hold_for_setup(stage.competition)
    locked = lock_setup(stage)
    drawn = secrets.randbelow(2**31) if seed is None else seed
    opening = plan_opening(locked, at=at, seed=drawn, draft=draft)
    if opening.problems:
        raise refusal(opening.problems[0])
    entries = _create_entries(locked, opening)
    _create_conflicts(opening, entries, at=at)
    _create_assignments(opening, entries, at=at)
    STAGE_FLOW.advance(locked, StageMove.OPEN, opened_at=at, seed=drawn)
    if next_stage(locked) is None:
        fix_tiers(held, at=at)
    _tell_judges(locked, opening, at=at)
    record(
        by,
        "stage.opened",
        locked,
        at=at,
        entries=len(entries),
        judges=len(opening.panel),
        conflicts=len(opening.conflicts),
        readings=len(opening.plan.readings),
        seed=drawn,
        draft=draft.number if draft else None,
    )
    return locked


def _create_entries(stage: Stage, opening: Opening) -> dict[str, Entry]:
    made = Entry.objects.bulk_create(
        Entry(stage=stage, proposal=submission.proposal, submission=submission)
        for submission in opening.submissions
    )
    return {entry.submission.receipt: entry for entry in made}


def _create_conflicts(opening: Opening, entries: dict[str, Entry], *, at: datetime) -> None:
    Conflict.objects.bulk_create(
        Conflict(
            panelist=each.panelist,
            entry=entries[each.submission.receipt],
            ground=each.ground,
            note=each.note,
            noted_at=at,
        )
        for each in opening.conflicts
    )


def _create_assignments(opening: Opening, entries: dict[str, Entry], *, at: datetime) -> None:
    panel = {str(panelist.pk): panelist for panelist in opening.panel}
    reasons: dict[str, dict[str, str]] = defaultdict(dict)
    for reading in opening.plan.readings:
        reasons[reading.judge][reading.entry] = reading.reason
    Assignment.objects.bulk_create(
        Assignment(
            entry=entries[receipt],
            panelist=panel[judge],
            reason=own[receipt],
            position=position,
            assigned_at=at,
        )
        for judge, own in reasons.items()
        for position, receipt in enumerate(
            reading_order(judge, own, seed=opening.plan.seed), start=1
        )
    )


def _tell_judges(stage: Stage, opening: Opening, *, at: datetime) -> None:
    for load in opening.loads:
        if load.entry_count:
            mail.send_later(
                "judging_stage_opened",
                load.panelist.user,
                dedupe_key=f"judging.opened:{stage.pk}:{load.panelist.pk}",
                at=at,
                context={
                    "stage": stage,
                    "competition": stage.competition,
                    "entry_count": load.entry_count,
                    "ends_at": stage.round.ends_at,
                },
                about=stage,
            )
