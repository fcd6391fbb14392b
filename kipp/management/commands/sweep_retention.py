from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from kipp.retention import apply_retention


class Command(BaseCommand):
    help = "Wipe what is kept no longer; beat runs it every night."
    requires_system_checks = ()

    def handle(self, **_options: Any) -> None:
        self.stdout.write(f"{apply_retention(at=timezone.now())} rows wiped or removed.")
