"""A judge's workbook comes back: first every problem, then all or nothing."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.audit import gathering, record
from accounts.importing import Problem
from accounts.models import Import, User
from accounts.services import content_of, use_up
from accounts.working import Tell, nobody
from competitions.roles import Actor
from judging.models import Stage
from judging.offline import RowChange, check_offline, heads_of
from judging.queries.desk import sheets_of
from judging.queries.offline import own_sheets, stage_questions
from judging.services.locks import hold_open
from judging.services.scoring import Sheet, save_scorecard, submit_scorecard
from kipp.lib.sheets import read_table

OFFLINE = "scores"


@dataclass(frozen=True, slots=True)
class Changes:
    """Either problems, or what the workbook would write."""

    problems: tuple[Problem, ...] = ()
    rows: tuple[RowChange, ...] = ()

    @property
    def complete(self) -> tuple[RowChange, ...]:
        return tuple(row for row in self.rows if not row.missing)


def inspect_offline(content: bytes, *, stage: Stage, actor: Actor) -> Changes:
    """Look without writing. Raises `ValidationError` when the file is no such sheet at all."""
    questions = stage_questions(stage)
    rows = read_table(io.BytesIO(content), columns=heads_of(questions))
    own = own_sheets(actor, stage, questions=questions)
    changes, problems = check_offline(rows, own, questions=questions, scale=stage.scale)
    return Changes(problems=tuple(problems), rows=() if problems else tuple(changes))


@transaction.atomic
@gathering()
def enter_offline(
    sheet: Import,
    *,
    sha256: str,
    hand_in: bool,
    stage: Stage,
    actor: Actor,
    tell: Tell = nobody,
    by: User,
    at: datetime,
) -> Changes:
    """Check again what was shown and save it. With problems nothing was saved.

    `hand_in` is the judge's word that complete scorecards are to be submitted as well.
    """
    hold_open(stage.pk)
    found = inspect_offline(content_of(sheet, sha256=sha256), stage=stage, actor=actor)
    if found.problems:
        return found
    use_up(sheet, by=by, at=at)
    own = sheets_of(actor).in_bulk([row.pk for row in found.rows])
    for done, row in enumerate(found.rows):
        tell(done, total=len(found.rows))
        verb = submit_scorecard if hand_in and not row.missing else save_scorecard
        typed = Sheet(values=row.values, comments=row.comments, comment=row.comment)
        verb(own[row.pk], sheet=typed, version=row.version, by=by, at=at)
    count = len(found.rows)
    record(by, "import.applied", sheet, at=at, kind=sheet.kind, sha256=sha256, count=count)
    return found
