from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from competitions.models import Competition
from kipp.editions.dumping import dump_edition
from kipp.editions.files import write_edition


class Command(BaseCommand):
    help = "Print the edition file (TOML) of a competition."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")

    def handle(self, *_args: Any, **options: Any) -> None:
        competition = (
            Competition.objects.select_related("host").filter(slug=options["slug"]).first()
        )
        if competition is None:
            raise CommandError(f"There is no competition {options['slug']}.")
        self.stdout.write(write_edition(dump_edition(competition)), ending="")
