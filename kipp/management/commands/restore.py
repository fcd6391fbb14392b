from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from kipp.backup import BackupError
from kipp.backup.reading import broken_promises, restore_backup
from kipp.backup.sealing import read_identities
from kipp.lib.files import FilesAwayError


class Command(BaseCommand):
    help = "Put a backup into the database and the storage that the environment names."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--into", choices=["empty"], required=True, help="a reminder: nothing is overwritten"
        )
        parser.add_argument("--identity", type=Path, metavar="FILE", help="the secret key")

    def handle(self, file: Path, **options: Any) -> None:
        try:
            identities = read_identities(options["identity"]) if options["identity"] else []
            restored = restore_backup(file, identities=identities, at=timezone.now())
        except (BackupError, DatabaseError, FilesAwayError, OSError) as error:
            raise CommandError(f"Nothing can be relied on yet. {error}") from error
        manifest, released = restored.manifest, restored.released
        broken = list(broken_promises(manifest))
        rows = sum(manifest.tables.values())
        self.stdout.write(
            f"Restored as of {manifest.taken_at:%Y-%m-%d %H:%M} UTC: {rows} rows and"
            f" {len(manifest.files)} files."
        )
        if released.mails or released.jobs:
            self.stdout.write(
                "Due again, because whoever was at work on them is gone:"
                f" mails {released.mails}, jobs {released.jobs}."
            )
        if broken:
            raise CommandError("\n".join(["But not everything holds:", *broken]))
        self.stdout.write("All invariants hold. Mail is paused: manage.py mail resume lets it go.")
