"""Entries with their scorecards as rows alone: the law reads no text."""

from __future__ import annotations

from django.db import connection

from judging.models import Stage

READINGS = 3
# Keys begin where no other is.
FIRST = 10_000_000
ROWS = (
    """
    INSERT INTO proposals_submission (
        id, number, receipt, token, content, sha256, received_at, judged_at, previous, link,
        key_id, signature, claim_checks, field_reports, competition_id, proposal_id, submitted_by_id
    )
    SELECT at, at, 'R' || at, gen_random_uuid(), '{}', '', now(), now(), at, at, '', '', '{}', '{}',
        %(competition)s, at, %(by)s
    FROM generate_series(%(first)s, %(last)s) AS at
    """,
    """
    INSERT INTO judging_entry (id, proposal_id, submission_id, stage_id)
    SELECT at, at, at, %(stage)s FROM generate_series(%(first)s, %(last)s) AS at
    """,
    """
    INSERT INTO judging_assignment (
        id, reason, position, status, version, comment, comes_back, total, assigned_at,
        declared_at, started_at, submitted_at, entry_id, panelist_id
    )
    SELECT at * 10 + reading, '', at - %(first)s, 'submitted', 2, '', false, 0, now(), now(), now(),
        now(), at, (%(seats)s::bigint[])[1 + (at + reading * 13) %% %(count)s]
    FROM generate_series(%(first)s, %(last)s) AS at, generate_series(1, %(readings)s) AS reading
    """,
    """
    INSERT INTO judging_score (value, comment, assignment_id, criterion_id)
    SELECT floor(random() * 101), '', sheet.id, criterion.id
    FROM judging_assignment sheet, judging_criterion criterion
    WHERE sheet.id > %(first)s AND criterion.stage_id = %(stage)s
    """,
    "ANALYZE judging_score, judging_assignment, judging_entry, proposals_submission",
)
EMPTY = (
    """
    DELETE FROM judging_score USING judging_assignment sheet, judging_entry entry
    WHERE assignment_id = sheet.id AND sheet.entry_id = entry.id AND entry.stage_id = %(stage)s
    """,
    """
    DELETE FROM judging_assignment USING judging_entry entry
    WHERE entry_id = entry.id AND entry.stage_id = %(stage)s
    """,
    "DELETE FROM judging_entry WHERE stage_id = %(stage)s",
)


def enter_rows(stage: Stage, *, entries: int, by: int) -> None:
    """Beside what the stage has; three judges of its panel have read each."""
    seats = list(stage.panel.values_list("pk", flat=True))
    facts: dict[str, int | list[int]] = {"seats": seats, "count": len(seats), "readings": READINGS}
    facts |= {"stage": stage.pk, "competition": stage.competition_id, "by": by}
    _run(ROWS, {**facts, "first": FIRST, "last": FIRST + entries - 1})


def remove_rows(stage: Stage) -> None:
    _run(EMPTY, {"stage": stage.pk})


def _run(statements: tuple[str, ...], facts: dict[str, int | list[int]]) -> None:
    with connection.cursor() as cursor:
        # Their proposals are not there, and nothing is kept that could miss them.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SELECT setseed(0.5)")
        for statement in statements:
            cursor.execute(statement, facts)
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute("SET LOCAL statement_timeout = DEFAULT")
