from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django import Settings

from accounts.delivery import LEASE, deliver_due, lease_due, wait_after
from accounts.letters import as_mail
from accounts.models import Message
from tests import make
from tests.background.conftest import Sink
from tests.background.wanting import everything, nothing

pytestmark = pytest.mark.django_db
NOON = make.NOON


def promise(number: int = 1, **fields: object) -> Message:
    return Message.objects.create(
        **{
            "kind": "test",
            "dedupe_key": f"test:{number}",
            "to_email": f"someone{number}@demo.example",
            "subject": f"Send it {number}",
            "text": "Now.",
            "html": "<p>Now.</p>",
            "created_at": NOON,
            "due_at": NOON,
            **fields,
        }
    )


def send(*, minutes: int = 0, is_wanted: bool = True) -> int:
    moment = NOON + timedelta(minutes=minutes)
    return deliver_due(clock=lambda: moment, wanted_among=everything if is_wanted else nothing)


def status_of(message: Message) -> str:
    message.refresh_from_db()
    return message.status


def test_delivery_sends_each_promise_once(sink: Sink) -> None:
    messages = [promise(number) for number in range(45)]

    assert [send(), send()] == [45, 0]

    assert {status_of(message) for message in messages} == {"sent"}
    assert len(sink.mails) == 45
    assert len({mail["Message-ID"] for mail in sink.mails}) == 45


def test_delivery_waits_until_a_promise_is_due(sink: Sink) -> None:
    promise(due_at=NOON + timedelta(minutes=5))

    assert [send(), send(minutes=5)] == [0, 1]


def test_delivery_drops_what_is_no_longer_useful(sink: Sink) -> None:
    late = promise(1, expires_at=NOON)
    finished = promise(2)

    send(is_wanted=False)

    assert (status_of(late), status_of(finished)) == ("expired", "expired")
    assert sink.mails == []


def test_delivery_wipes_a_token_once_it_is_out(sink: Sink) -> None:
    message = promise(is_secret=True, text="token", html="<p>token</p>")

    send()

    message.refresh_from_db()
    assert (message.text, message.html, message.status) == ("", "", "sent")
    assert "token" in sink.mails[0].as_string()


def test_delivery_gives_up_on_an_address_that_does_not_exist(sink: Sink) -> None:
    message = promise()
    sink.answers[message.to_email] = "550 No such person"

    send()

    assert status_of(message) == "failed"
    assert "550" in message.last_error


def test_delivery_tries_again_after_a_temporary_refusal(sink: Sink) -> None:
    message = promise()
    sink.answers[message.to_email] = "451 Try later"

    send()
    waiting = (status_of(message), message.due_at > NOON)
    sink.answers.clear()
    sent = send(minutes=3)

    assert (waiting, sent, status_of(message)) == (("queued", True), 1, "sent")


def test_what_was_refused_together_is_not_tried_again_together(sink: Sink) -> None:
    messages = [promise(number) for number in range(8)]
    sink.answers |= {message.to_email: "451 later" for message in messages}

    send()

    waits = {Message.objects.get(pk=message.pk).due_at - NOON for message in messages}
    assert len(waits) == len(messages)
    assert wait_after(1) <= min(waits) <= max(waits) <= 1.2 * wait_after(1)


def test_delivery_keeps_everything_while_the_mail_server_is_down(
    sink: Sink, settings: Settings
) -> None:
    message = promise()
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1

    send()
    settings.EMAIL_PORT = port

    assert (status_of(message), send(minutes=3)) == ("queued", 1)


def test_delivery_takes_over_from_a_sender_that_died(sink: Sink) -> None:
    message = promise()
    [leased] = lease_due(at=NOON)

    before = send()
    after = deliver_due(clock=lambda: NOON + LEASE, wanted_among=everything)

    assert (leased.pk, before, after) == (message.pk, 0, 1)
    assert "abaikan" in sink.mails[0].as_string() or "ignore" in sink.mails[0].as_string()


def test_html_is_a_page_in_the_language_of_its_reader() -> None:
    message = promise(subject="Satu < dua", html="<p>Halo</p>", attempts=2)

    page = str(as_mail(message).alternatives[0][0])

    assert page.startswith("<!doctype html>")
    assert "<title>Satu &lt; dua</title>" in page
    assert "<p>Halo</p><p>" in page
    assert page.rstrip().endswith("</html>")
