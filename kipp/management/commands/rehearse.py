from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.utils import ProgrammingError

from kipp.sandbox import drop_sandbox, name_of_sandbox, sandbox

MOST = 5000


class Command(BaseCommand):
    help = "Rehearse the last minutes of a deadline on a sandbox database of its own."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--participants", type=int, default=500)
        parser.add_argument("--seconds", type=float, default=60)
        parser.add_argument("--json", action="store_true", help="one object for other programs")
        parser.add_argument("--remove", action="store_true", help="what a killed run left behind")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["remove"]:
            name = name_of_sandbox()
            self.stdout.write(f"{name} is {'dropped' if drop_sandbox() else 'not there'}.")
            return
        if not 1 <= options["participants"] <= MOST or options["seconds"] <= 0:
            raise CommandError(f"From 1 to {MOST} participants, in more than 0 seconds.")
        try:
            with sandbox() as address, tempfile.TemporaryDirectory() as folder:
                done = _rehearse(address, folder, options)
        except ProgrammingError as error:
            raise CommandError(
                f"{str(error).strip()}: let the portal's role make databases (ALTER ROLE ... "
                "CREATEDB), and remove what an earlier run left (manage.py rehearse --remove)."
            ) from error
        if not done.stdout.startswith("{"):
            raise CommandError(f"The rehearsal broke off: {done.stderr.strip()[-1000:]}")
        self.stdout.write(done.stdout.strip() if options["json"] else told(json.loads(done.stdout)))
        sys.exit(done.returncode)


def told(report: dict[str, Any]) -> str:
    broken = report["broken"]
    held = "All invariants hold." if not broken else "\n".join(["Not everything holds:", *broken])
    return (
        "{participants} people sent in {seconds} s: half of them waited at most {p50_ms} ms, 95 of"
        " 100 at most {p95_ms} ms. Errors: {errors}. Receipts told and not stored: {lost}.\n"
    ).format(**report) + held


def _rehearse(
    address: str, folder: str, options: dict[str, Any]
) -> subprocess.CompletedProcess[str]:
    """Settings as they stand, but another database, folder and mail server: nobody gets a mail."""
    instead = {
        "DATABASE_URL": address,
        "DATABASE_STATEMENT_TIMEOUT": "0",
        "MEDIA_ROOT": folder,
        "S3_BUCKET": "",
        "STATIC_ROOT": str(settings.STATIC_ROOT),
        "EMAIL_URL": "smtp://127.0.0.1:9",
        "ALLOWED_HOSTS": "localhost",
        "SITE_URL": "https://localhost",
        "REQUIRE_SECOND_FACTOR": "off",
        "METRICS_FOLDER": "",
        "LOG_LEVEL": "ERROR",
    }
    command = [sys.executable, "-m", "bench.rehearsal", folder]
    command += [str(options["participants"]), str(options["seconds"])]
    return subprocess.run(  # noqa: S603 - our own program with two numbers
        command,
        cwd=settings.BASE_DIR,
        env=os.environ | instead,
        capture_output=True,
        text=True,
        check=False,
    )
