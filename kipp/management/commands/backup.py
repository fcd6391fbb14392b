from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from kipp.backup import BackupError
from kipp.backup.sealing import make_key, read_recipients
from kipp.backup.writing import write_backup
from kipp.lib.files import FilesAwayError


class Command(BaseCommand):
    help = "Write the database and all files into one archive, and read it again to be sure."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--to", type=Path, metavar="FOLDER")
        what.add_argument("--new-key", type=Path, metavar="FILE", help="make a key and stop")
        parser.add_argument("--recipient", action="append", default=[], metavar="age1...")

    def handle(self, **options: Any) -> None:
        try:
            if options["new_key"]:
                self.stdout.write(make_key(options["new_key"]))
            else:
                self.back_up(options["to"], recipients=options["recipient"])
        except (BackupError, DatabaseError, FilesAwayError, OSError) as error:
            raise CommandError(f"No backup was made. {error}") from error

    def back_up(self, folder: Path, *, recipients: list[str]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        made = write_backup(folder, recipients=read_recipients(recipients), at=timezone.now())
        self.stdout.write(str(made.path))
        if made.lost:
            raise CommandError(
                f"The backup is made and sound, but the storage lacks {len(made.lost)} files that"
                f" rows name, {made.lost[0]} first: run check_invariants."
            )
