from __future__ import annotations

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from competitions import services
from kipp.lib.clock import parse_moment


class Command(BaseCommand):
    help = "Close the portal for everybody, or open it again."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("state", choices=["on", "off"])
        parser.add_argument("--until", default="", help="what people read, as 2026-03-02 21:00")
        parser.add_argument(
            "--force", action="store_true", help="even when a round ends within 72 hours"
        )

    def handle(self, state: str, until: str, **options: Any) -> None:
        try:
            if state == "on":
                self.close(expected_at=_read(until), is_forced=options["force"])
            else:
                services.reopen_portal(at=timezone.now())
        except ValidationError as error:
            raise CommandError("\n".join([*error.messages, *_advice(error)])) from error
        answers = "answers nobody but probes" if state == "on" else "is open"
        self.stdout.write(f"In two seconds the portal {answers}.")

    def close(self, *, expected_at: datetime | None, is_forced: bool) -> None:
        close = services.close_portal_anyway if is_forced else services.close_portal
        close(at=timezone.now(), expected_at=expected_at)


def _read(until: str) -> datetime | None:
    return parse_moment(until, zone=settings.TIME_ZONE) if until else None


def _advice(error: ValidationError) -> list[str]:
    codes = {each.code for each in getattr(error, "error_list", ())}
    advice = "Wait until it is over, extend the round, or add --force."
    return [advice] if "deadline" in codes else []
