from __future__ import annotations

import sys

from django.core.management.base import BaseCommand
from django.utils import timezone

from kipp.invariants import INVARIANTS


class Command(BaseCommand):
    help = "Recompute what must hold. Prints the offenders and exits 1 if there are any."
    requires_system_checks = ()

    def handle(self, *_args: object, **_options: object) -> None:
        at = timezone.now()
        offenders = 0
        for invariant in INVARIANTS:
            for sentence in invariant(at):
                offenders += 1
                self.stdout.write(f"{invariant.__name__}: {sentence}")
        if offenders:
            sys.exit(1)
        self.stdout.write(f"{len(INVARIANTS)} invariants hold.")
