from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from kipp.editions.files import EditionError, preset_names, preset_path, read_edition
from kipp.editions.loading import find_host, load_edition
from kipp.editions.shape import Plain


class Command(BaseCommand):
    help = "Make a competition from an edition file (TOML) or a preset, or replace an unused one."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help=f"path, or a preset: {', '.join(preset_names())}")
        parser.add_argument("--host", help="name of the hosting unit instead of the file's")
        parser.add_argument("--slug", help="short address instead of the file's")

    def handle(self, *_args: Any, **options: Any) -> None:
        named = str(options["file"])
        path = preset_path(named) if named in preset_names() else Path(named)
        try:
            definition = read_edition(path.read_bytes(), instead=_given(options))
            host = find_host(definition["competition"]["host"])
            competition = load_edition(definition, host=host, by=None, at=timezone.now())
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        except EditionError as error:
            lines = "\n".join(f"{path}: {problem}" for problem in error.problems)
            raise CommandError(lines) from error
        except ValidationError as error:
            raise CommandError(f"{path}: {error.messages[0]}") from error
        self.stdout.write(f"{competition.slug}: {competition.name}")


def _given(options: dict[str, Any]) -> Plain:
    return {name: options[name] for name in ("host", "slug") if options[name]}
