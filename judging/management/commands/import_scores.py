"""Enter the totals of a stage that was scored on paper, as the page of the committee does."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.services import keep_sheet
from competitions.roles import load_actor
from judging import services
from judging.management.commands.rank import find_stage
from judging.models import Stage
from judging.permissions import StageAction, may
from judging.services.matrix import MATRIX, Totals


class Command(BaseCommand):
    help = (
        "Enter a matrix of totals (CSV or XLSX): rows are entries, columns judges, empty or s = did"
        " not score. STAGE is its number or competition-slug/stage-key."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("stage")
        parser.add_argument("file", type=Path)
        parser.add_argument("--by", required=True, help="e-mail of the organizer who typed it")
        parser.add_argument("--reason", default="", help="why totals of the portal are corrected")
        parser.add_argument("--dry-run", action="store_true", help="check and show, enter nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        stage, by = find_stage(options["stage"]), _organizer(options["by"])
        if not may(load_actor(by), StageAction.ENTER_TOTALS, stage):
            raise CommandError(
                f"{by.email} may not enter totals here: the stage is open, scored on paper, and the"
                " person sits on its committee."
            )
        try:
            content = options["file"].read_bytes()
            found = services.inspect_matrix(content, stage=stage)
            if not found.problems and not options["dry_run"]:
                found = _enter(content, stage=stage, by=by, options=options)
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


def _organizer(email: str) -> User:
    person = User.objects.filter(email__iexact=email).first()
    if person is None:
        raise CommandError(f"Nobody has the e-mail {email!r}.")
    return person


@transaction.atomic
def _enter(content: bytes, *, stage: Stage, by: User, options: dict[str, Any]) -> Totals:
    at = timezone.now()
    scope, name = str(stage.pk), options["file"].name
    sheet = keep_sheet(content, name=name, kind=MATRIX, scope=scope, by=by, at=at)
    return services.enter_matrix(
        sheet, sha256=sheet.sha256, reason=options["reason"], stage=stage, by=by, at=at
    )
