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
from django.db import transaction

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.portal.settings")
django.setup()

from bench.scores import enter_rows  # noqa: E402
from judging import services  # noqa: E402
from judging.models import Stage  # noqa: E402

BIG, ENTRIES = "besar", 100_000


def main() -> None:
    stage = Stage.objects.select_related("competition").get(competition__slug=BIG)
    chair = stage.competition.committee.get(role="chair").user
    with transaction.atomic():
        enter_rows(stage, entries=ENTRIES, by=chair.pk)
        owed = stage.entries.filter(assignments__status="pending").count()
        begun = time.perf_counter()
        ranking = services.close_stage(stage, missing_accepted=owed, by=chair, at=datetime.now(UTC))
        seconds = time.perf_counter() - begun
        lines = ranking.standings.count()
        transaction.set_rollback(True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    json.dump({"lines": lines, "seconds": seconds, "megabytes": peak}, sys.stdout)


if __name__ == "__main__":
    main()
