from __future__ import annotations

from django.core.management.base import BaseCommand
from django.utils import timezone

from kipp.janitor import sweep_files


class Command(BaseCommand):
    help = "Remove unfinished uploads and files that belong to nothing, both a day old."
    requires_system_checks = ()

    def handle(self, *_args: object, **_options: object) -> None:
        removed = sweep_files(at=timezone.now())
        self.stdout.write(f"{removed} removed.")
