"""F6 of the promises: senders are killed at random; nothing is lost, one extra copy per kill."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter

import pytest
from django.conf import settings
from django.db import connection

from accounts.models import Message
from tests.background.conftest import Sink
from tests.background.test_delivery import promise
from tests.kipp.commands import address_of

MAILS = 40
KILLS = 4
LIMIT_SECONDS = 240


@pytest.mark.django_db(transaction=True)
def test_killed_senders_lose_nothing_and_repeat_at_most_once_per_kill(sink: Sink) -> None:
    for number in range(MAILS):
        promise(number)
    rng = random.Random(7)
    senders = [start_sender(), start_sender()]
    killed, started = 0, time.monotonic()

    while sent_count() < MAILS and time.monotonic() - started < LIMIT_SECONDS:
        time.sleep(rng.uniform(0.05, 0.2))
        if killed < KILLS and len(sink.mails) > killed * MAILS // (KILLS + 1):
            victim = senders.pop(0)
            victim.kill()
            victim.wait()
            senders.append(start_sender())
            killed += 1
    for sender in senders:
        sender.kill()
        sender.wait()

    copies = Counter(str(mail["Message-ID"]) for mail in sink.mails)
    assert (sent_count(), len(copies), killed) == (MAILS, MAILS, KILLS)
    assert len(sink.mails) - MAILS <= KILLS


def sent_count() -> int:
    return Message.objects.filter(status="sent").count()


def start_sender() -> subprocess.Popen[bytes]:
    return start_process(SENDER, EMAIL_URL=f"smtp://{settings.EMAIL_HOST}:{settings.EMAIL_PORT}")


def start_process(code: str, **variables: str) -> subprocess.Popen[bytes]:
    """Python of its own on the database of the test."""
    address = address_of(str(connection.settings_dict["NAME"]))
    given = {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "kipp.settings", **variables}
    return subprocess.Popen([sys.executable, "-c", code], env={**os.environ, **given})


# Leases run out after a moment, so that the test need not wait a minute for each kill.
SENDER = """
import time
from datetime import timedelta
import django
django.setup()
from django.utils import timezone
from accounts import delivery
from tests.background.wanting import everything
delivery.LEASE = timedelta(seconds=2)
delivery.BATCH = 5

while True:
    delivery.deliver_due(clock=timezone.now, wanted_among=everything)
    time.sleep(0.05)
"""
