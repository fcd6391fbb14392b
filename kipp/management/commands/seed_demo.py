from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.delivery import deliver_due
from accounts.models import User
from kipp.demo.seeding import TODAY, seed_year
from kipp.reminding import wanted_among


class Command(BaseCommand):
    help = "Fill an empty database with the demonstration year, up to a moment of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--until", choices=sorted(TODAY), default="judging")

    def handle(self, *_args: object, until: str, **_options: object) -> None:
        if User.objects.exists():
            raise CommandError("This database is in use. The demonstration needs an empty one.")
        acts = seed_year(until, at=timezone.now())
        mails = deliver_due(clock=timezone.now, wanted_among=wanted_among)
        self.stdout.write(f"{acts} acts of the year, {mails} mails.")
