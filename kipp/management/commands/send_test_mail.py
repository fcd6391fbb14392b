from __future__ import annotations

import smtplib
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import override


class Command(BaseCommand):
    help = "Send one mail now, past the outbox, and say what the mail server answered."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address")

    def handle(self, address: str, **_options: Any) -> None:
        server = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
        try:
            with override(settings.LANGUAGE_CODE):
                _write(address).send()
        except (smtplib.SMTPException, OSError, ValueError) as error:
            reason = f"{type(error).__name__}: {error}"
            raise CommandError(
                f"{server} did not take the mail: {reason}\nLook at EMAIL_URL, DEFAULT_FROM_EMAIL"
                " and the mail server's log."
            ) from error
        self.stdout.write(f"{server} took the mail for {address}. Look whether it arrives.")


def _write(address: str) -> EmailMessage:
    facts = {"portal": settings.PORTAL["name"], "url": settings.SITE_URL}
    return EmailMessage(
        subject=_("Test mail of %(portal)s") % facts,
        body=_("If you read this, mail of the portal arrives: %(url)s") % facts,
        to=[address],
    )
