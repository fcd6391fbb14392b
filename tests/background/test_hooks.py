"""The webhook: signed, tried again, never the reason that somebody was not told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from pytest_django import Settings

from accounts.delivery import deliver_due
from accounts.models import AuditEntry, Hook, Message, OuterHost
from competitions.models import ReminderRule
from competitions.services import remove_hook, set_hook
from kipp.demo.servers import free_port
from kipp.reminding import queue_due_reminders
from tests import make
from tests.background.wanting import everything
from tests.competitions.world import World, build, errors

pytestmark = pytest.mark.django_db
NOON, MINUTE = make.NOON, timedelta(minutes=1)
Outbox = list[EmailMultiAlternatives]


class Receiver:
    """The example of docs/operations.md behind a server; `answer` is a status that it must give."""

    def __init__(self) -> None:
        page = Path(settings.BASE_DIR, "docs", "operations.md").read_text()
        example = re.search(r"```python\n(# receiver.*?)```", page, re.DOTALL)
        assert example
        self.names: dict[str, Any] = {}
        exec(example[1], self.names)  # noqa: S102 - our own page
        self.answer, self.secret, self.now = 0, "", NOON.timestamp()
        self.calls: list[tuple[dict[str, str], bytes]] = []
        self.taken: list[dict[str, Any]] = []

    def receive(self, headers: dict[str, str], body: bytes) -> int:
        self.calls.append((headers, body))
        if self.answer:
            return self.answer
        try:
            event = self.names["receive"](headers, body, secret=self.secret, now=self.now)
        except ValueError:
            return 400
        if event is not None:
            self.taken.append(event)
        return 204


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def address(receiver: Receiver, settings: Settings) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(receiver.receive(dict(self.headers), body))
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    settings.LOCAL_HOSTS = frozenset({f"127.0.0.1:{server.server_port}"})
    yield f"http://127.0.0.1:{server.server_port}/terima"
    server.shutdown()
    server.server_close()


@pytest.fixture
def world() -> World:
    return build()


@pytest.fixture
def hook(world: World, address: str, receiver: Receiver) -> Hook:
    hook = set_hook(world.competition, url=address, by=world.people["organizer"], at=NOON)
    receiver.secret = hook.secret
    return hook


def promise(world: World, number: int = 1, **fields: Any) -> Message:
    person = world.people["author"]
    return Message.objects.create(
        **{
            "kind": "reminder_authors",
            "dedupe_key": f"hook:{number}",
            "recipient": person,
            "to_email": person.email,
            "edition": world.competition.pk,
            "channel": "hook",
            "subject": "Kirim usulan",
            "text": "Sisa 3 hari",
            "created_at": NOON,
            "due_at": NOON,
            **fields,
        }
    )


def send(at: datetime = NOON) -> int:
    return deliver_due(clock=lambda: at, wanted_among=everything)


def states() -> list[tuple[str, str, int]]:
    rows = Message.objects.order_by("pk").values_list("channel", "status", "attempts")
    return [(channel, status, attempts) for channel, status, attempts in rows]


def test_receiver_of_the_handbook_takes_each_message_once(
    world: World, hook: Hook, receiver: Receiver, mailoutbox: Outbox
) -> None:
    promise(world)

    send()
    copy = receiver.receive(*receiver.calls[1])

    trial, reminder = receiver.taken
    assert (states(), mailoutbox, copy) == ([("hook", "sent", 1)] * 2, [], 204)
    assert (trial["type"], reminder["type"]) == ("hook_trial", "reminder_authors")
    assert reminder["data"]["to"]["name"] == world.people["author"].full_name
    assert (reminder["data"]["subject"], reminder["data"]["text"]) == (
        "Kirim usulan",
        "Sisa 3 hari",
    )


def test_receiver_of_the_handbook_refuses_what_is_forged_or_old(
    hook: Hook, receiver: Receiver
) -> None:
    send()
    headers, body = receiver.calls[0]
    later = str(int(headers["webhook-timestamp"]) + 1)
    forged = [
        (headers, body.replace(b"hook_trial", b"hook_other")),
        (headers | {"webhook-timestamp": later}, body),
        (headers | {"webhook-id": "other"}, body),
    ]

    statuses = [receiver.receive(*call) for call in forged]
    receiver.now += 301

    assert [*statuses, receiver.receive(headers, body)] == [400] * 4


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (500, ("hook", "queued", 1)),
        (429, ("hook", "queued", 1)),
        (302, ("mail", "sent", 1)),
        (404, ("mail", "sent", 1)),
    ],
)
def test_answer_decides_whether_it_is_tried_again_or_mailed(
    answer: int,
    expected: tuple[str, str, int],
    hook: Hook,
    receiver: Receiver,
    mailoutbox: Outbox,
) -> None:
    receiver.answer = answer

    send()

    assert states() == [expected]
    assert len(mailoutbox) == (expected[0] == "mail")


def test_nobody_waits_longer_than_half_an_hour_for_another_system(
    world: World, hook: Hook, receiver: Receiver, mailoutbox: Outbox
) -> None:
    receiver.answer = 503
    promise(world, expires_at=NOON + 3 * MINUTE)

    ways = [send(NOON + minutes * MINUTE) for minutes in (0, 2, 6, 15, 34)]

    assert ways == [0, 1, 0, 0, 1]  # what is useless after three minutes goes before that
    assert [(channel, status) for channel, status, _attempts in states()] == [("mail", "sent")] * 2


def test_host_that_does_not_answer_is_left_alone(
    world: World, hook: Hook, settings: Settings
) -> None:
    silent = f"127.0.0.1:{free_port()}"
    settings.LOCAL_HOSTS = frozenset({silent})
    Hook.objects.update(url=f"http://{silent}/")
    for number in range(4):
        promise(world, number)

    send()

    assert sorted(attempts for _channel, _status, attempts in states()) == [0, 0, 0, 1, 1]
    host = OuterHost.objects.get()
    assert (host.name, host.failures, host.rests_until) == (silent, 2, NOON + MINUTE / 2)


@pytest.mark.parametrize(
    "url",
    [
        "http://kota.example/",
        "https://kota.example:8443/",
        "https://127.0.0.1/",
        "https://10.1.2.3/terima",
        "https://169.254.169.254/latest",
        "https://[::1]/",
        "https://a@kota.example/",
    ],
)
def test_private_address_is_refused_at_once(world: World, url: str) -> None:
    with pytest.raises(ValidationError) as refused:
        set_hook(world.competition, url=url, by=world.people["organizer"], at=NOON)

    assert list(refused.value.message_dict) == ["url"]
    assert not Message.objects.exists()


def test_name_of_a_private_address_is_refused_when_it_is_used(
    world: World, hook: Hook, mailoutbox: Outbox
) -> None:
    Hook.objects.update(url="https://localhost/")

    send()

    assert ([state[:2] for state in states()], len(mailoutbox)) == ([("mail", "sent")], 1)


def test_rule_sends_its_reminders_to_the_webhook(world: World, receiver: Receiver) -> None:
    rule = ReminderRule.objects.create(
        round=world.round, audience="authors", leads=[60], channel="hook"
    )

    queue_due_reminders(at=world.round.ends_at - MINUTE)

    assert set(Message.objects.values_list("kind", "channel")) == {("reminder_authors", "hook")}
    assert rule.reminders.count() == Message.objects.count() > 0


def test_page_saves_shows_and_removes_the_webhook(client: Client, world: World) -> None:
    client.force_login(world.people["organizer"])

    wrong = client.post(world.url("hook"), {"url": "https://10.0.0.1/"})
    saved = client.post(world.url("hook"), {"url": "https://kota.example/terima"})
    hook = Hook.objects.get(edition=world.competition.pk)
    shown = client.get(world.url("hook")).content.decode()
    client.post(world.url("hook-remove"))

    assert (wrong.status_code, list(errors(wrong)), saved.status_code) == (422, ["url"], 302)
    assert hook.secret in shown
    assert not Hook.objects.exists()
    actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["competition.hook_set", "competition.hook_removed"]
    with pytest.raises(ValidationError):
        remove_hook(world.competition, by=world.people["organizer"], at=NOON)


def test_what_waits_for_a_removed_webhook_is_mailed(
    world: World, hook: Hook, mailoutbox: Outbox
) -> None:
    remove_hook(world.competition, by=world.people["organizer"], at=NOON)

    send()

    assert (states(), len(mailoutbox)) == ([("mail", "sent", 1)], 1)
