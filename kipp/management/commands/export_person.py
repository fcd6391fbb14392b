from __future__ import annotations

import json
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from accounts.models import User
from kipp.privacy.exporting import person_data


class Command(BaseCommand):
    help = "Write everything that is held of one person into a file, and nothing of others."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--to", type=Path, required=True, metavar="FOLDER")

    def handle(self, email: str, to: Path, **_options: Any) -> None:
        person = User.objects.filter(email__iexact=email).first()
        if person is None:
            raise CommandError(f"Nobody here has the address {email}.")
        at = timezone.now()
        content = json.dumps(
            person_data(person, at=at), cls=DjangoJSONEncoder, indent=1, ensure_ascii=False
        )
        target = to / f"person-{person.pk}-{at:%Y%m%dT%H%M%SZ}.json"
        to.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as stream:
            stream.write(content)
        self.stdout.write(str(target))
