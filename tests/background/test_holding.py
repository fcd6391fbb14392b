"""Mail is held back: by a person, by a limit, by a server that does not answer."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from pytest_django import Settings

from accounts.delivery import deliver_due, lease_due
from accounts.models import AuditEntry, Delivery, Message
from accounts.services import pause_mail, resume_mail
from tests import make
from tests.background.conftest import Sink
from tests.background.test_delivery import promise
from tests.background.wanting import everything
from tests.kipp.commands import manage

pytestmark = pytest.mark.django_db
NOON = make.NOON


def send(*, seconds: float = 0) -> int:
    moment = NOON + timedelta(seconds=seconds)
    return deliver_due(clock=lambda: moment, wanted_among=everything)


def attempts() -> list[int]:
    return list(Message.objects.order_by("pk").values_list("attempts", flat=True))


@pytest.fixture
def silent(settings: Settings) -> Iterator[socket.socket]:
    """A mail server that takes connections and never says a word."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.getsockname()
        settings.EMAIL_TIMEOUT = 0.1
        yield server


def test_paused_mail_waits_and_goes_out_later(sink: Sink) -> None:
    promise()
    pause_mail(at=NOON)

    held = send()
    with pytest.raises(ValidationError):
        pause_mail(at=NOON)
    resume_mail(at=NOON)

    assert (held, send()) == (0, 1)
    assert [entry.action for entry in AuditEntry.objects.all()] == ["mail.paused", "mail.resumed"]
    with pytest.raises(ValidationError):
        resume_mail(at=NOON)


def test_server_that_hangs_costs_two_mails_their_patience_and_no_more(
    silent: socket.socket,
) -> None:
    for number in range(20):
        promise(number)

    send()

    assert attempts() == [1, 1] + 18 * [0]
    assert set(Message.objects.values_list("status", flat=True)) == {"queued"}
    send(seconds=29)
    assert attempts() == [1, 1] + 18 * [0]
    send(seconds=31)
    assert attempts() == [1, 1, 1, 1] + 16 * [0]
    held = Delivery.objects.get()
    assert (held.failures, held.resume_at) == (2, NOON + timedelta(seconds=31 + 60))


def test_server_that_is_back_gets_everything(
    silent: socket.socket, sink: Sink, settings: Settings
) -> None:
    for number in range(5):
        promise(number)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, silent.getsockname()[1]
    send()
    settings.EMAIL_PORT = port

    sent = [send(seconds=29), send(seconds=31), send(seconds=120)]

    assert sent == [0, 3, 2]
    assert (Delivery.objects.get().failures, Delivery.objects.get().resume_at) == (0, None)
    assert len({mail["Message-ID"] for mail in sink.mails}) == len(sink.mails) == 5


def test_refused_address_is_no_reason_to_leave_the_server_alone(sink: Sink) -> None:
    for number in range(4):
        sink.answers[promise(number).to_email] = "550 nobody"
    promise(9)

    assert send() == 1
    assert not Delivery.objects.exists()


def test_limit_of_a_minute_holds(sink: Sink, settings: Settings) -> None:
    settings.MAIL_PER_MINUTE = 3
    for number in range(7):
        promise(number)

    assert [send(), send(seconds=59), send(seconds=61), send(seconds=122)] == [3, 0, 3, 1]


@pytest.mark.django_db(transaction=True)
def test_limit_holds_between_two_senders(settings: Settings) -> None:
    settings.MAIL_PER_MINUTE = 5
    for number in range(30):
        promise(number)
    start, taken = threading.Barrier(4), []

    def take() -> None:
        with closing(connection):
            start.wait()
            taken.extend(lease_due(at=NOON))

    threads = [threading.Thread(target=take) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(taken) == 5


def test_rehearsal_sends_everything_to_one_address(sink: Sink, settings: Settings) -> None:
    settings.MAIL_ONLY_TO = "uji@kota.example"
    message = promise()

    send()

    (mail,) = sink.mails
    assert mail["To"] == "uji@kota.example"
    assert mail["Subject"] == f"[{message.to_email}] {message.subject}"


@pytest.mark.django_db(transaction=True)
def test_command_pauses_and_says_what_failed() -> None:
    promise(1)
    promise(2, status="failed", last_error="550 nobody")

    done = manage("mail", "pause")

    assert done.returncode == 0, done.stderr
    assert done.stdout == (
        "1 mails wait, 1 failed for good.\nsomeone2@demo.example: Send it 2 (550 nobody)\n"
    )
    assert Delivery.objects.get().paused_at is not None
