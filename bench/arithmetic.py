"""`python -m bench.arithmetic`: ranking and certificates on the filled portal, as JSON facts."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from statistics import median

import django
from django.db import connection, transaction

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.portal.settings")
django.setup()

from accounts.models import User  # noqa: E402
from accounts.services import ask_job  # noqa: E402
from accounts.working import take_job  # noqa: E402
from bench import resembling  # noqa: E402
from bench.judges import judges_facts  # noqa: E402
from bench.planning import plan_seconds  # noqa: E402
from bench.presenting import timetable_seconds  # noqa: E402
from bench.scores import enter_rows, remove_rows  # noqa: E402
from bench.searching import search_ms  # noqa: E402
from judging import certificates, services  # noqa: E402
from judging.jobs import CERTIFICATES, make_certificates  # noqa: E402
from judging.models import Publication, Ranking, Stage, Standing  # noqa: E402
from judging.queries.law import entries_of, law_of  # noqa: E402
from judging.ranking import rank_entries  # noqa: E402

BIG, SMALL = "besar", "kecil"
# 84,000 values: the three readings of as many entries by eight criteria.
ENTRIES = 3_500
LOOKS, TURNS = 5, 11
# The yardstick: weighted means, judges' z-scores and ranks of both, in the database alone, without
# the law's exact rounding, ties, tiers and record.
IN_SQL = """
    WITH totals AS (
        SELECT a.entry_id AS entry, a.panelist_id AS judge, sum(s.value * c.weight) / 100 AS total
        FROM judging_assignment a
        JOIN judging_entry e ON e.id = a.entry_id
        JOIN judging_score s ON s.assignment_id = a.id
        JOIN judging_criterion c ON c.id = s.criterion_id
        WHERE e.stage_id = %s AND a.status = 'submitted'
        GROUP BY a.id
    ), judged AS (
        SELECT entry, total,
            (total - avg(total) OVER own) / nullif(stddev_samp(total) OVER own, 0) AS z
        FROM totals WINDOW own AS (PARTITION BY judge)
    )
    SELECT entry, avg(total), rank() OVER (ORDER BY avg(total) DESC),
        avg(z), rank() OVER (ORDER BY avg(z) DESC)
    FROM judged GROUP BY entry ORDER BY 2 DESC
"""


def main() -> None:
    facts = [
        *ranking_facts(),
        ("searches", search_ms()),
        ("plan of 100 x 5,000", plan_seconds()),
        ("timetable of 46 teams", timetable_seconds()),
    ]
    facts += [*certificate_rates(), resembling_ms(), *judges_facts()]
    json.dump(facts, sys.stdout)


def ranking_facts() -> list[tuple[str, float]]:
    """At the size of the budget, whatever the edition's; nothing of it stays."""
    stage = Stage.objects.select_related("competition").get(competition__slug=BIG)
    by = stage.competition.committee.get(role="chair").user
    with transaction.atomic():
        remove_rows(stage)
        enter_rows(stage, entries=ENTRIES, by=by.pk)
        law = law_of(stage)
        entries = entries_of(stage, law)
        facts: list[tuple[str, float]] = [
            ("scores that count", sum(len(c) for e in entries for c in e.scorecards.values() if c)),
            *milliseconds_in_turn(
                {
                    "means and ranks in SQL": lambda: fetch_sql(stage.pk),
                    "scores fetched": lambda: entries_of(stage, law),
                    "law and ranks in Python": lambda: rank_entries(law, entries),
                    "stage closed and frozen": lambda: close_and_undo(stage, by=by),
                }
            ),
        ]
        ranking = services.close_stage(stage, by=by, at=datetime.now(UTC))
        facts += [("Top-45 in the database", top_ms(ranking))]
        transaction.set_rollback(True)
    return facts


def close_and_undo(stage: Stage, *, by: User) -> None:
    """With what a commit looks up: whether each line's entry and ranking are there."""
    with transaction.atomic():
        services.close_stage(stage, by=by, at=datetime.now(UTC))
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)


def resembling_ms() -> tuple[str, float]:
    with transaction.atomic():
        resembling.enter_register()
        draft = resembling.draft_of(BIG)
        milliseconds = 1000 * seconds_of(lambda: resembling.look(draft))
        transaction.set_rollback(True)
    return ("near-duplicates of a draft", milliseconds)


def milliseconds_in_turn(works: Mapping[str, Callable[[], object]]) -> list[tuple[str, float]]:
    """What is compared is looked at in turn: a machine that slows down slows all of it."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _look in range(TURNS):
        for name, work in works.items():
            taken[name].append(1000 * seconds_of(work, looks=1))
    return [(name, median(each)) for name, each in taken.items()]


def seconds_of(work: Callable[[], object], *, looks: int = LOOKS) -> float:
    taken = []
    for _look in range(looks):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return median(taken)


def fetch_sql(stage: int) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(IN_SQL, [stage])
        return list(cursor.fetchall())


def top_ms(ranking: Ranking) -> float:
    """What PostgreSQL itself says about reading the tiers from the frozen lines."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE judging_standing")
    lines = Standing.objects.filter(ranking=ranking).order_by("order")[:45]
    plan = [json.loads(lines.explain(format="json", analyze=True)) for _look in range(LOOKS)]
    return float(median(each[0]["Execution Time"] for each in plan))


def certificate_rates() -> list[tuple[str, float]]:
    publication = Publication.objects.get(competition__slug=SMALL)
    awards = list(publication.awards.select_related("publication__competition__host"))
    certificates.certificate_pdf(awards[0])
    singly = cpu_seconds(lambda: [certificates.certificate_pdf(award) for award in awards])
    in_bulk = cpu_seconds(lambda: archive_of(publication))
    return [
        ("certificates singly", len(awards) / singly),
        ("certificates in one archive", len(awards) / in_bulk),
    ]


def archive_of(publication: Publication) -> None:
    """As a worker makes it, parts and storage included; nothing of it stays but files."""
    with transaction.atomic():
        subject, by = {"publication": publication.pk}, publication.proposed_by
        ask_job(CERTIFICATES, subject, about="bench", by=by, at=datetime.now(UTC))
        run = take_job(at=datetime.now(UTC))
        assert run is not None  # noqa: S101
        make_certificates(run)
        transaction.set_rollback(True)


def cpu_seconds(work: Callable[[], object]) -> float:
    """Of one processor, so that neighbours do not count."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


if __name__ == "__main__":
    main()
