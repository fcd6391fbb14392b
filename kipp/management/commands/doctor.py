from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict

from django.core.management.base import BaseCommand
from django.utils import timezone

from kipp.doctor import CHECKS, Color, examine, worst

EXIT = {Color.GREEN: 0, Color.YELLOW: 1, Color.RED: 2}


class Command(BaseCommand):
    help = "Ask everything the portal leans on. Exit code 0 all well, 1 something, 2 no page works."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one object for other programs")

    def handle(self, *_args: object, **options: object) -> None:
        at = timezone.now()
        findings = list(examine(CHECKS, clock=timezone.now))
        state = worst(findings)
        if options["json"]:
            body = {
                "at": at.isoformat(),
                "state": state,
                "checks": [asdict(finding) for finding in findings],
            }
            self.stdout.write(json.dumps(body, indent=2))
        else:
            for finding in findings:
                self.stdout.write(f"{finding.color:8}{finding.name:13}{finding.sentence}".rstrip())
        sys.exit(EXIT[state])
