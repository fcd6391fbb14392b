from __future__ import annotations

from argparse import ArgumentParser

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from kipp.demo.seeding import TODAY, seed_year


class Command(BaseCommand):
    help = "Fill an empty database with the demonstration year, up to a moment of it."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--until", choices=sorted(TODAY), default="judging")
        parser.add_argument("--mails-wait", action="store_true", help="for the worker")

    def handle(self, *_args: object, until: str, mails_wait: bool, **_options: object) -> None:
        if User.objects.exists():
            raise CommandError("This database is in use. The demonstration needs an empty one.")
        acts = seed_year(until, at=timezone.now())
        self.stdout.write(f"{acts} acts of the year.")
        if not mails_wait:
            call_command("mail", "send", stdout=self.stdout)
