"""`python -m bench.large`: a ranking of 2.4 million values, from the database to frozen lines.

A process of its own, so that its peak is its own. Nothing is kept.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from datetime import UTC, datetime

import django
from django.db import connection, transaction

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.portal.settings")
django.setup()

from judging import services  # noqa: E402
from judging.models import Stage  # noqa: E402

BIG, ENTRIES, READINGS = "besar", 100_000, 3
# Rows alone, beside what the stage has: the law reads no text. Keys begin where no other is.
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


def main() -> None:
    stage = Stage.objects.select_related("competition").get(competition__slug=BIG)
    chair = stage.competition.committee.get(role="chair").user
    with transaction.atomic():
        enter_rows(stage, by=chair.pk)
        owed = stage.entries.filter(assignments__status="pending").count()
        begun = time.perf_counter()
        ranking = services.close_stage(stage, missing_accepted=owed, by=chair, at=datetime.now(UTC))
        seconds = time.perf_counter() - begun
        lines = ranking.standings.count()
        transaction.set_rollback(True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    json.dump({"lines": lines, "seconds": seconds, "megabytes": peak}, sys.stdout)


def enter_rows(stage: Stage, *, by: int) -> None:
    seats = list(stage.panel.values_list("pk", flat=True))
    facts: dict[str, int | list[int]] = {"seats": seats, "count": len(seats), "readings": READINGS}
    facts |= {"stage": stage.pk, "competition": stage.competition_id, "by": by}
    facts |= {"first": FIRST, "last": FIRST + ENTRIES - 1}
    with connection.cursor() as cursor:
        # Their proposals are not there, and nothing is kept that could miss them.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SELECT setseed(0.5)")
        for statement in ROWS:
            cursor.execute(statement, facts)
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute("SET LOCAL statement_timeout = DEFAULT")


if __name__ == "__main__":
    main()
