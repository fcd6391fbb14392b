"""Enter the totals of a stage that was scored on paper, as the page of the committee does."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from competitions.roles import load_actor
from judging import services
from judging.management.commands.rank import find_stage
from judging.models import Stage
from judging.permissions import StageAction, may
from judging.services.matrix import Totals, require_paper


class Command(BaseCommand):
    help = (
        "Enter a matrix of totals (CSV or XLSX): rows are entries, columns judges, empty or s = did"
        " not score. STAGE is its number or competition-slug/stage-key."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("stage")
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--by",
            help="e-mail of the organizer who typed it; without it the trail says that the system"
            " administrator entered it by this command",
        )
        parser.add_argument("--reason", default="", help="why totals of the portal are corrected")
        parser.add_argument("--dry-run", action="store_true", help="check and show, enter nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        stage, file = find_stage(options["stage"]), options["file"]
        by = _organizer(options["by"], stage=stage) if options["by"] else None
        try:
            require_paper(stage)
            content = file.read_bytes()
            if options["dry_run"]:
                found = services.inspect_matrix(content, stage=stage)
            else:
                found = services.enter_matrix_file(
                    content,
                    name=file.name,
                    reason=options["reason"],
                    stage=stage,
                    by=by,
                    at=timezone.now(),
                )
        except OSError as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self._tell(found)

    def _tell(self, found: Totals) -> None:
        for problem in found.problems:
            self.stderr.write(f"{problem.cell or problem.row}: {problem.text}")
        if found.problems:
            raise CommandError("Nothing was entered.")
        for each in found.rows:
            self.stdout.write(
                f"{each.cell}: {each.judge}, {each.title}: "
                f"{each.before_text or '-'} -> {each.total_text or 's'}"
            )
        self.stdout.write(f"{len(found.rows)} totals, {len(found.corrections)} corrections.")


def _organizer(email: str, *, stage: Stage) -> User:
    person = User.objects.filter(email__iexact=email).first()
    if person is None:
        raise CommandError(f"Nobody has the e-mail {email!r}.")
    if not may(load_actor(person), StageAction.ENTER_TOTALS, stage):
        raise CommandError(
            f"{person.email} may not enter totals here: the stage is open, scored on paper, and the"
            " person sits on its committee."
        )
    return person
