"""Totals from paper come in: first every problem, then all or nothing."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import gathering, record
from accounts.history import COMMAND
from accounts.importing import Problem
from accounts.models import Import, User
from accounts.services import content_of, use_up
from accounts.working import Tell, nobody
from judging.matrix import RECEIPT, TITLE, NewTotal, check_matrix, strangers
from judging.models import Assignment, Conflict, Criterion, Score, Stage
from judging.queries.law import law_of
from judging.queries.matrix import field_of
from judging.ranking import Law
from judging.ranking.scores import card_total
from judging.services.locks import lock_stage
from judging.workflow import ASSIGNMENT_FLOW, AssignmentMove, AssignmentStatus, StageStatus
from kipp.lib.sheets import read_heads, read_table

MATRIX = "matrix"


@dataclass(frozen=True, slots=True)
class Totals:
    """Either problems, or what the sheet would enter."""

    problems: tuple[Problem, ...] = ()
    rows: tuple[NewTotal, ...] = ()

    @property
    def corrections(self) -> tuple[NewTotal, ...]:
        return tuple(each for each in self.rows if each.before is not None)


def inspect_matrix(content: bytes, *, stage: Stage) -> Totals:
    """Look without writing. Raises `ValidationError` when the file is no such sheet at all."""
    against = field_of(stage)
    heads = [seat.head for seat in against.seats]
    if unknown := strangers(read_heads(io.BytesIO(content)), against.seats):
        raise ValidationError(
            _("Nobody on this panel is called: %(names)s. Correct the first row."),
            code="strangers",
            params={"names": ", ".join(unknown)[:300]},
        )
    rows = read_table(io.BytesIO(content), columns=[RECEIPT, TITLE, *heads])
    totals, problems = check_matrix(rows, against)
    return Totals(problems=tuple(problems), rows=() if problems else tuple(totals))


@transaction.atomic
def enter_matrix(
    sheet: Import,
    *,
    sha256: str,
    reason: str = "",
    stage: Stage,
    tell: Tell = nobody,
    by: User,
    at: datetime,
) -> Totals:
    """Check again what was shown and enter it. With problems nothing was entered."""
    content = content_of(sheet, sha256=sha256)
    found = enter_matrix_file(
        content, name=sheet.name, reason=reason, stage=stage, tell=tell, by=by, at=at
    )
    if not found.problems:
        use_up(sheet, by=by, at=at)
    return found


@transaction.atomic
@gathering()
def enter_matrix_file(
    content: bytes,
    *,
    name: str,
    reason: str = "",
    stage: Stage,
    tell: Tell = nobody,
    by: User | None,
    at: datetime,
) -> Totals:
    """Check and enter a file at once, all of it or nothing.

    `reason`: why totals that were entered before are corrected; it stays on record. `by` is nobody
    when somebody at the server does it, of whom the portal knows no more than that.
    """
    locked = lock_stage(stage)
    require_paper(locked)
    found = inspect_matrix(content, stage=locked)
    if found.problems:
        return found
    if found.corrections and not reason.strip():
        raise ValidationError(_("Write why totals are corrected."), code="reason")
    _enter(found.rows, stage=locked, reason=reason.strip(), tell=tell, by=by, at=at)
    facts = {"file": name, "sha256": hashlib.sha256(content).hexdigest(), "count": len(found.rows)}
    record(by, "stage.totals_entered", locked, at=at, reason=reason.strip(), **facts, **_way_of(by))
    return found


def _way_of(by: User | None) -> dict[str, str]:
    return {} if by else {"via": COMMAND}


def require_paper(stage: Stage) -> None:
    if stage.scored_on != Stage.ScoredOn.PAPER:
        raise ValidationError(
            _("This stage is scored in the portal: only the judges fill in scorecards."),
            code="not_paper",
        )
    if stage.status != StageStatus.OPEN:
        raise ValidationError(
            _("The stage is not open: nothing can be entered now."), code="closed"
        )


def _enter(
    rows: Sequence[NewTotal],
    *,
    stage: Stage,
    reason: str,
    tell: Tell,
    by: User | None,
    at: datetime,
) -> None:
    law = law_of(stage)
    [code] = law.weights
    sheets = Assignment.objects.select_related("entry", "panelist").in_bulk(
        [row.pk for row in rows]
    )
    for done, row in enumerate(rows):
        tell(done, total=len(rows))
        if row.total is None:
            _step_back(sheets[row.pk], at=at)
        else:
            _score(sheets[row.pk], row, law=law, reason=reason, by=by, at=at)
    _keep_values(rows, criterion=stage.criteria.get(key=code))


def _step_back(assignment: Assignment, *, at: datetime) -> None:
    Conflict.objects.get_or_create(
        panelist=assignment.panelist,
        entry=assignment.entry,
        defaults={"ground": Conflict.Ground.DECLARED, "note": _("On paper: s"), "noted_at": at},
    )
    ASSIGNMENT_FLOW.advance(assignment, AssignmentMove.RECUSE)


def _score(
    assignment: Assignment, row: NewTotal, *, law: Law, reason: str, by: User | None, at: datetime
) -> None:
    """The judge's word was given on paper: declared and handed in at this moment."""
    if assignment.status == AssignmentStatus.SUBMITTED:
        ASSIGNMENT_FLOW.advance(assignment, AssignmentMove.REVISE, submitted_at=None, total=None)
        facts = {"before": str(row.before), "after": str(row.total), **_way_of(by)}
        record(by, "scorecard.corrected", assignment, at=at, reason=reason, **facts)
    [code] = law.weights
    ASSIGNMENT_FLOW.advance(
        assignment,
        AssignmentMove.SUBMIT,
        declared_at=assignment.declared_at or at,
        started_at=assignment.started_at or at,
        submitted_at=at,
        total=card_total(law.weights, {code: row.total}) if row.total is not None else None,
    )


def _keep_values(rows: Sequence[NewTotal], *, criterion: Criterion) -> None:
    Score.objects.bulk_create(
        [
            Score(assignment_id=row.pk, criterion=criterion, value=row.total)
            for row in rows
            if row.total is not None
        ],
        update_conflicts=True,
        unique_fields=["assignment", "criterion"],
        update_fields=["value"],
    )
