from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts import services
from accounts.delivery import deliver_due
from accounts.models import Message
from kipp.reminding import wanted_among

SHOWN = 20


class Command(BaseCommand):
    help = "Hold back all mail, let it go again, send what is due, or show what waits and failed."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["pause", "resume", "send", "show"])

    def handle(self, what: str, **_options: Any) -> None:
        at = timezone.now()
        try:
            if what == "pause":
                services.pause_mail(at=at)
            elif what == "resume":
                services.resume_mail(at=at)
            elif what == "send":
                deliver_due(clock=timezone.now, wanted_among=wanted_among)
        except ValidationError as error:
            raise CommandError(error.messages[0]) from error
        self.show()

    def show(self) -> None:
        waiting = Message.objects.filter(status__in=["queued", "sending"]).count()
        failed = Message.objects.filter(status=Message.Status.FAILED)
        self.stdout.write(f"{waiting} mails wait, {failed.count()} failed for good.")
        for message in failed[:SHOWN]:
            self.stdout.write(f"{message.to_email}: {message.subject} ({message.last_error})")
