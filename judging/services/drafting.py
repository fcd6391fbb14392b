"""Drafts of who reads what: made, changed by hand, released in one act. Judges see none of it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from competitions.services.setup import hold_for_setup
from judging.assigning import (
    Move,
    MoveError,
    Pair,
    Plan,
    Reason,
    apply_move,
    assign_panels,
    still_possible,
)
from judging.models import Assignment, AssignmentDraft, Panel, Stage
from judging.queries.drafts import objection
from judging.queries.filling import NewReading
from judging.queries.planning import (
    Situation,
    entries_by_receipt,
    loosened,
    reasons_in,
    situation_of,
)
from judging.services.filling import hand_out
from judging.services.locks import lock_stage
from judging.services.opening import open_stage
from judging.workflow import (
    DRAFT_FLOW,
    AssignmentStatus,
    DraftMove,
    DraftStatus,
    StageStatus,
)
from kipp.lib.workflow import stale

ASSIGNABLE = frozenset({StageStatus.SETUP, StageStatus.OPEN})


def make_draft(
    stage: Stage,
    *,
    by: User,
    at: datetime,
    readings: Mapping[str, int | None] | None = None,
    seed: int | None = None,
    is_free: bool = False,
) -> AssignmentDraft:
    """Plan and keep the plan. `is_free`: what nobody has opened may go to others.

    The plan is made before the stage is held, for it may take seconds.
    """
    drawn = secrets.randbelow(2**31) if seed is None else seed
    situation = situation_of(stage, at=at, readings=readings)
    _check_field(situation)
    start = loosened(situation) if is_free else situation
    plan = assign_panels(start.field, wanted=situation.wanted, seed=drawn)
    return _keep(stage, situation, plan, by=by, at=at)


def adjust_draft(draft: AssignmentDraft, *, by: User, at: datetime) -> AssignmentDraft:
    """A new draft that keeps what still holds of this one and fills what is missing now."""
    situation = situation_of(draft.stage, at=at, readings=draft.readings)
    _check_field(situation)
    old = reasons_in(draft)
    kept = still_possible(situation.field, frozenset(old), seed=draft.seed)
    field = replace(situation.field, kept=kept)
    plan = assign_panels(field, wanted=situation.wanted, seed=draft.seed)
    reasons = {
        (each.judge, each.entry): old.get((each.judge, each.entry), each.reason)
        for each in plan.readings
    }
    readings = tuple(
        replace(each, reason=reasons[each.judge, each.entry]) for each in plan.readings
    )
    return _keep(draft.stage, situation, replace(plan, readings=readings), by=by, at=at)


def _check_field(situation: Situation) -> None:
    if not situation.panel:
        raise ValidationError(_("Nobody on the panel has accepted yet."), code="no_panel")
    if not situation.submissions:
        raise ValidationError(_("There is no entry to judge."), code="no_entries")


@transaction.atomic
def _keep(
    stage: Stage, situation: Situation, plan: Plan, *, by: User, at: datetime
) -> AssignmentDraft:
    locked = lock_stage(stage)
    _check_assignable(locked)
    last = AssignmentDraft.objects.filter(stage=locked).aggregate(last=Max("number"))["last"]
    draft = AssignmentDraft.objects.create(
        stage=locked,
        number=(last or 0) + 1,
        seed=plan.seed,
        readings=dict(situation.wanted),
        pairs=[[each.judge, each.entry, each.reason] for each in plan.readings],
        inputs_hash=situation.hash,
        made_by=by,
        made_at=at,
    )
    record(
        by, "draft.made", locked, at=at, draft=draft.number, seed=draft.seed,
        readings=draft.readings, inputs_hash=draft.inputs_hash, name=str(draft.number),
    )  # fmt: skip
    return draft


@transaction.atomic
def move_reading(
    draft: AssignmentDraft, *, move: Move, version: int, by: User, at: datetime
) -> AssignmentDraft:
    """Change one reading by hand."""
    held = _hold(draft, version=version)
    situation = fresh_situation(held, at=at)
    reasons = reasons_in(held)
    before = frozenset(reasons)
    try:
        after = apply_move(situation.field, before, move=move, started=situation.begun)
    except MoveError as error:
        raise objection(error, situation) from error
    reasons |= dict.fromkeys(after - before, Reason.MANUAL)
    held.pairs = _plain({pair: reasons[pair] for pair in after})
    changed = AssignmentDraft.objects.filter(
        pk=held.pk, version=version, status=DraftStatus.DRAFT
    ).update(pairs=held.pairs, version=F("version") + 1)
    if not changed:
        raise stale()
    held.version += 1
    record(
        by, "draft.moved", held.stage, at=at, draft=held.number, entry=move.entry,
        taken=sorted(map(list, before - after)), given=sorted(map(list, after - before)),
        name=f"{held.number}: {move.entry}",
    )  # fmt: skip
    return held


@transaction.atomic
def discard_draft(draft: AssignmentDraft, *, version: int, by: User, at: datetime) -> None:
    held = _hold(draft, version=version)
    DRAFT_FLOW.advance(held, DraftMove.DISCARD)
    record(by, "draft.discarded", held.stage, at=at, draft=held.number, name=str(held.number))


@transaction.atomic
def release_draft(draft: AssignmentDraft, *, version: int, by: User, at: datetime) -> Stage:
    """Make the draft the assignment: it opens a stage in setup, or changes an open one.

    Refused when judges, entries, conflicts or scorecards are no longer those it was planned from.
    """
    hold_for_setup(draft.stage.competition)
    stage = lock_stage(draft.stage)
    _check_assignable(stage)
    held = _hold(draft, version=version)
    held.stage = stage
    situation = fresh_situation(held, at=at)
    if stage.status == StageStatus.SETUP:
        stage = open_stage(stage, by=by, at=at, seed=held.seed, draft=held)
    else:
        _replace_sheets(stage, held, situation, at=at)
    for kind, readings in held.readings.items():
        Panel.objects.update_or_create(stage=stage, kind=kind, defaults={"readings": readings})
    DRAFT_FLOW.advance(held, DraftMove.RELEASE, released_by=by, released_at=at)
    record(by, "draft.released", stage, at=at, draft=held.number, name=str(held.number))
    return stage


def fresh_situation(draft: AssignmentDraft, *, at: datetime) -> Situation:
    """What the draft was planned from, if that still is so."""
    situation = situation_of(draft.stage, at=at, readings=draft.readings)
    if situation.hash != draft.inputs_hash:
        raise ValidationError(
            _(
                "Judges, entries, conflicts or scorecards have changed since this draft. "
                "Adjust it to the present state first."
            ),
            code="stale",
        )
    return situation


def _replace_sheets(
    stage: Stage, draft: AssignmentDraft, situation: Situation, *, at: datetime
) -> None:
    """Hand out what is new and take back what nobody has opened; begun work stays."""
    wanted = reasons_in(draft)
    if situation.begun - wanted.keys():
        raise ValidationError(
            _("A judge has begun a scorecard that this draft gives away. Make a new draft."),
            code="stale",
        )
    _take_back(stage, situation.held - wanted.keys())
    entries = entries_by_receipt(stage)
    added = [
        NewReading(panelist=situation.panel[judge], entry=entries[entry], reason=reason)
        for (judge, entry), reason in wanted.items()
        if (judge, entry) not in situation.held
    ]
    hand_out(stage, added, occasion=f"draft-{draft.number}", at=at)


def _take_back(stage: Stage, pairs: frozenset[Pair]) -> None:
    """Unopened scorecards only; whoever opens one at this moment wins."""
    wanted = {f"{judge}/{entry}" for judge, entry in pairs}
    unopened = Assignment.objects.select_for_update(of=["self"]).filter(
        entry__stage=stage,
        status=AssignmentStatus.PENDING,
        declared_at=None,
        started_at=None,
    )
    rows = unopened.values_list("pk", "panelist_id", "entry__submission__receipt")
    found = [pk for pk, judge, receipt in rows if f"{judge}/{receipt}" in wanted]
    if len(found) != len(wanted):
        raise stale()
    Assignment.objects.filter(pk__in=found).delete()


def _check_assignable(stage: Stage) -> None:
    if stage.status not in ASSIGNABLE:
        raise ValidationError(
            _("The stage is closed: nobody gets a scorecard any more."), code="not_now"
        )


def _hold(draft: AssignmentDraft, *, version: int) -> AssignmentDraft:
    held = (
        AssignmentDraft.objects.select_for_update(of=["self"])
        .select_related("stage__competition", "stage__round")
        .get(pk=draft.pk)
    )
    if held.version != version or held.status != DraftStatus.DRAFT:
        raise stale()
    return held


def _plain(reasons: Mapping[Pair, Reason]) -> list[list[str]]:
    return [[*pair, reason] for pair, reason in sorted(reasons.items())]
