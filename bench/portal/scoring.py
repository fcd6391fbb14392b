"""An open stage in the middle of its scoring: most sheets are in, some wait for their judge."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from accounts.models import User
from bench.plan import CLIENTS
from judging.models import Assignment, Criterion, Entry, Panelist, Score, Stage
from judging.queries.law import law_of
from judging.ranking.scores import card_total
from judging.workflow import AssignmentStatus, StageStatus
from proposals.models import Submission

READINGS = 3
BATCH = 2000


def score_stage(
    stage: Stage, *, judges: Sequence[User], pending: int, at: datetime
) -> list[Assignment]:
    """Three readings per entry; the first `pending` sheets of each judge are declared but open."""
    panel = Panelist.objects.bulk_create(
        Panelist(stage=stage, user=judge, seated_at=at, alias=f"J{number}")
        for number, judge in enumerate(judges)
    )
    submissions = Submission.objects.filter(competition_id=stage.competition_id).order_by("pk")
    entries = Entry.objects.bulk_create(
        Entry(stage=stage, proposal_id=submission.proposal_id, submission=submission)
        for submission in submissions.only("pk", "proposal_id")
    )
    criteria = list(stage.criteria.all())
    made: list[Assignment] = []
    scores: list[Score] = []
    reached = dict.fromkeys(range(len(panel)), 0)
    law = law_of(stage)
    for number, entry in enumerate(entries):
        for reading in range(READINGS):
            seat = (number + reading * 13) % len(panel)
            reached[seat] += 1
            sheet = Assignment(
                entry=entry,
                panelist=panel[seat],
                position=reached[seat],
                assigned_at=at,
                declared_at=at,
                started_at=at,
            )
            card = {c.key: _value(c, number * 7 + reading * 3 + c.order) for c in criteria}
            if reached[seat] > pending:
                sheet.status = AssignmentStatus.SUBMITTED
                sheet.submitted_at, sheet.total = at, card_total(law.weights, card)
            made.append(sheet)
            scores += [Score(assignment=sheet, criterion=c, value=card[c.key]) for c in criteria]
    Assignment.objects.bulk_create(made, batch_size=BATCH)
    Score.objects.bulk_create(scores, batch_size=BATCH)
    Stage.objects.filter(pk=stage.pk).update(status=StageStatus.OPEN, opened_at=at)
    stage.refresh_from_db()
    return made


def _value(criterion: Criterion, number: int) -> Decimal:
    return Decimal(str(criterion.levels[number % len(criterion.levels)]["value"]))


def sheets_for(made: Sequence[Assignment]) -> list[Assignment]:
    """One open sheet each of as many judges as clients ask, and one more."""
    first = {sheet.panelist_id: sheet for sheet in reversed(made) if not sheet.submitted_at}
    return list(first.values())[: CLIENTS + 1]


def second_sheets(made: Sequence[Assignment]) -> list[Assignment]:
    """Of each judge an open sheet that no row of the table saves, and one for single looks."""
    waiting = [sheet for sheet in made if not sheet.submitted_at]
    last = {sheet.panelist_id: sheet for sheet in waiting}
    first = {sheet.panelist_id: sheet for sheet in reversed(waiting)}
    return [*last.values(), list(first.values())[-1]]
