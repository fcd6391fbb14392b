"""`python -m bench.reminding`: 5,000 people reminded, and mails handed to a server on this machine.

A process of its own on the filled database. Nothing is kept.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import django
from aiosmtpd.controller import Controller
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext, override_settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.portal.settings")
django.setup()

from accounts.delivery import deliver_due  # noqa: E402
from accounts.models import Membership, Message, Unit, User  # noqa: E402
from competitions.models import Competition, ReminderRule, Round  # noqa: E402
from kipp.demo.servers import free_port  # noqa: E402
from kipp.reminding import queue_due_reminders, wanted_among  # noqa: E402

SLUG, PEOPLE, SENT = "besar", 5000, 400
DAY = timedelta(days=1)
LOCKED = "!"  # nobody logs in with it


class Sink:
    async def handle_DATA(self, *_what: object) -> str:  # noqa: N802 - aiosmtpd's name
        return "250 OK"


def main() -> None:
    with transaction.atomic():
        at = owed_by_many(Competition.objects.get(slug=SLUG))
        figures = planned(at) | idle(at) | sent(at)
        transaction.set_rollback(True)
    json.dump(figures | doctor(), sys.stdout)


def owed_by_many(competition: Competition) -> datetime:
    """Authors of one unit that has not begun; the moment at which all of them are due."""
    at = datetime.now(UTC)
    Message.objects.filter(status=Message.Status.QUEUED).update(status=Message.Status.EXPIRED)
    ReminderRule.objects.all().delete()
    rounds = Round.objects.filter(competition=competition, kind=Round.Kind.SUBMISSION)
    rounds.update(starts_at=at - 30 * DAY, ends_at=at + DAY)
    ReminderRule.objects.create(round=rounds.get(), audience="authors", leads=[1440])
    unit = Unit.objects.create(name="Unit yang diam", parent=competition.host, level="agency")
    Unit.objects.filter(pk=unit.pk).update(path=f"{competition.host.path}{unit.pk}/")
    people = User.objects.bulk_create(
        User(email=f"diam{number}@bench.example", full_name=f"Penulis {number}", password=LOCKED)
        for number in range(PEOPLE)
    )
    Membership.objects.bulk_create(
        Membership(user=person, unit=unit, role="author", started_at=at - 30 * DAY)
        for person in people
    )
    return at


def planned(at: datetime) -> dict[str, float]:
    begun = time.perf_counter()
    with CaptureQueriesContext(connection) as asked:
        count = queue_due_reminders(at=at)
    seconds = time.perf_counter() - begun
    return {"planned": count, "seconds": seconds, "statements": len(asked) * 1000 / count}


def idle(at: datetime) -> dict[str, float]:
    with CaptureQueriesContext(connection) as asked:
        queue_due_reminders(at=at)
    return {"idle statements": len(asked)}


def sent(at: datetime) -> dict[str, float]:
    waiting = Message.objects.filter(status=Message.Status.QUEUED).order_by("pk")
    later = waiting.values("pk")[SENT:]
    Message.objects.filter(pk__in=later).update(created_at=at, due_at=at + DAY)
    port = free_port()
    sink = Controller(Sink(), hostname="127.0.0.1", port=port)
    sink.start()
    smtp = "django.core.mail.backends.smtp.EmailBackend"
    with override_settings(EMAIL_BACKEND=smtp, EMAIL_HOST="127.0.0.1", EMAIL_PORT=port):
        begun = time.perf_counter()
        count = deliver_due(clock=lambda: at, wanted_among=wanted_among)
        seconds = time.perf_counter() - begun
    sink.stop()
    return {"sent": count, "mails a second": count / seconds}


def doctor() -> dict[str, float]:
    """As the operator has it: a process that has loaded nothing yet."""
    command = [sys.executable, "manage.py", "doctor", "--json"]
    begun = time.perf_counter()
    asked = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, check=False)
    seconds = time.perf_counter() - begun
    if not json.loads(asked.stdout)["checks"]:
        raise RuntimeError("the doctor has asked nothing")
    return {"doctor": seconds}


if __name__ == "__main__":
    main()
