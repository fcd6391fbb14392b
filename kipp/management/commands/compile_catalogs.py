from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from kipp.demo.catalogs import compile_catalogs


class Command(BaseCommand):
    help = "Compile locale/*.po without gettext."
    requires_system_checks = ()

    def handle(self, *_args: Any, **_options: Any) -> None:
        written = sum(compile_catalogs(folder) for folder in settings.LOCALE_PATHS)
        self.stdout.write(f"{written} catalogues compiled.")
