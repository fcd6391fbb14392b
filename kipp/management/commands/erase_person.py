from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from kipp.privacy.erasing import erase_person


class Command(BaseCommand):
    help = "Turn a person into a number. Results and the audit trail stay. It cannot be undone."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--reason", required=True, help="such as the letter that asks for it")

    def handle(self, email: str, reason: str, **_options: Any) -> None:
        person = User.objects.filter(email__iexact=email).first()
        if person is None:
            raise CommandError(f"Nobody here has the address {email}.")
        try:
            erase_person(person, by=None, at=timezone.now(), reason=reason)
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        self.stdout.write(f"Person {person.pk} is erased. Earlier backups still hold the data.")
