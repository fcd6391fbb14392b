"""Print the frozen ranking of a stage as a table or as CSV."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from judging.exports import results_file
from judging.models import Stage
from judging.queries.results import Results, results_of


class Command(BaseCommand):
    help = "Print the ranking of a closed stage: STAGE is its number or competition-slug/stage-key."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("stage")
        parser.add_argument("--csv", action="store_true", help="as CSV, with every judge's total")

    def handle(self, *_args: Any, **options: Any) -> None:
        stage = find_stage(options["stage"])
        results = results_of(stage)
        if results is None:
            raise CommandError(
                f"{stage.competition.slug}/{stage.key} is not closed. Scores are nobody's business "
                "before the close, not even the operator's."
            )
        if options["csv"]:
            table = b"".join(results_file(results, form="csv"))
            self.stdout.write(table.decode("utf-8-sig"), ending="")
            return
        for line in table_of(results):
            self.stdout.write(line)


def find_stage(name: str) -> Stage:
    stages = Stage.objects.select_related("competition")
    slug, _slash, key = name.partition("/")
    found = stages.filter(competition__slug=slug, key=key).first()
    if found is None and name.isascii() and name.isdecimal() and len(name) < 19:
        found = stages.filter(pk=int(name)).first()
    if found is None:
        raise CommandError(f"There is no stage {name!r}. Write competition-slug/stage-key.")
    return found


def table_of(results: Results) -> list[str]:
    """One line per entry; what advances carries a star."""
    rows = [("", "Place", "Rank", "Score", "Readings", "Innovation")]
    for line in results.lines:
        score = "-" if line.score is None else f"{line.score.normalize():f}"
        readings = sum(total is not None for total in line.totals)
        mark = "*" if line.advances else ""
        rows.append(
            (mark, str(line.place or "-"), str(line.rank or "-"), score, str(readings), line.title)
        )
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    text = [
        "  ".join([*(cell.rjust(width) for cell, width in zip(row, widths, strict=False)), row[5]])
        for row in rows
    ]
    return [*text, f"Inputs {results.ranking.inputs_hash}"]
