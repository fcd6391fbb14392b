"""Each reader chooses; what is required comes all the same; a daily mail loses nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from accounts.delivery import deliver_due
from accounts.forms import ReceptionForm
from accounts.models import Message, Reception, User
from accounts.topics import TOPICS, Topic, next_digest
from accounts.unsubscribing import unsubscribe_url
from tests import make
from tests.background.wanting import everything, nothing

NOON = make.NOON  # 12.00 WIB
DAY = timedelta(days=1)
SEVEN = datetime(2026, 3, 3, 0, 0, tzinfo=UTC)  # 07.00 WIB of the next day
Outbox = list[EmailMultiAlternatives]


def tell(person: User, number: int = 1, **fields: Any) -> Message:
    return Message.objects.create(
        **{
            "kind": "reminder_authors",
            "dedupe_key": f"test:{person.pk}:{number}",
            "recipient": person,
            "to_email": person.email,
            "subject": f"Kirim {number}",
            "text": f"Isi {number}\n\nBuka: {settings.SITE_URL}/inovasi/",
            "html": f"<p>Isi {number}</p>",
            "topic": Topic.DEADLINES,
            "created_at": NOON,
            "due_at": NOON,
            **fields,
        }
    )


def send(at: datetime = NOON, *, is_wanted: bool = True) -> int:
    return deliver_due(clock=lambda: at, wanted_among=everything if is_wanted else nothing)


def state_of(message: Message) -> tuple[str, str]:
    message.refresh_from_db()
    return message.channel, message.status


def reader(**ways: object) -> User:
    person = make.user("Siti")
    Reception.objects.create(user=person, **ways)
    return person


@pytest.mark.parametrize(
    ("at", "zone", "expected"),
    [
        (NOON, "Asia/Jakarta", SEVEN),
        (SEVEN - timedelta(seconds=1), "Asia/Jakarta", SEVEN),
        (SEVEN, "Asia/Jakarta", SEVEN + DAY),
        (NOON, "Asia/Jayapura", SEVEN - timedelta(hours=2)),
    ],
)
def test_daily_mail_comes_at_the_hour_of_the_readers_zone(
    at: datetime, zone: str, expected: datetime
) -> None:
    assert next_digest(at, hour=7, zone=zone) == expected


def test_every_topic_is_of_a_mail_that_exists() -> None:
    folder = Path(settings.BASE_DIR, "templates", "mail")

    assert set(TOPICS) <= {path.stem for path in folder.glob("*.md")}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ways", "fields", "expected", "mails"),
    [
        ({}, {}, ("mail", "sent"), 1),
        ({"deadlines": "daily"}, {}, ("daily", "queued"), 0),
        ({"deadlines": "portal"}, {}, ("portal", "sent"), 0),
        ({"progress": "portal"}, {}, ("mail", "sent"), 1),
        ({"deadlines": "portal"}, {"topic": ""}, ("mail", "sent"), 1),
        ({"deadlines": "daily"}, {"expires_at": SEVEN}, ("mail", "sent"), 1),
        ({"deadlines": "daily"}, {"channel": "portal"}, ("portal", "sent"), 0),
    ],
)
def test_mail_goes_the_way_that_its_reader_chose(
    ways: dict[str, Any],
    fields: dict[str, Any],
    expected: tuple[str, str],
    mails: int,
    mailoutbox: Outbox,
) -> None:
    message = tell(reader(**ways), **fields)

    send()

    assert (state_of(message), len(mailoutbox)) == (expected, mails)


@pytest.mark.django_db
def test_daily_mail_holds_everything_once(mailoutbox: Outbox) -> None:
    person = reader(deadlines="daily")
    items = [tell(person, number) for number in (1, 2)]
    send()

    counts = [send(SEVEN - timedelta(minutes=1)), send(SEVEN), send(SEVEN + DAY)]

    (mail,) = mailoutbox
    assert counts == [0, 1, 0]
    assert [state_of(item) for item in items] == [("daily", "sent")] * 2
    assert all(f"Isi {number}" in str(mail.body) for number in (1, 2))
    assert f'href="{settings.SITE_URL}/inovasi/"' in str(mail.alternatives[0][0])
    assert items[0].carried_by == Message.objects.get(kind="digest")


@pytest.mark.django_db
def test_daily_mail_that_was_missed_comes_with_the_next(mailoutbox: Outbox) -> None:
    person = reader(deadlines="daily")
    tell(person, 1)
    send()
    tell(person, 2, due_at=SEVEN + timedelta(hours=1))
    send(SEVEN + timedelta(hours=1))  # the sweep of 07.00 did not run; both go on

    send(SEVEN + DAY)

    assert "Isi 1" in str(mailoutbox[0].body)
    assert "Isi 2" in str(mailoutbox[1].body)


@pytest.mark.django_db
def test_daily_mail_leaves_out_what_is_finished(mailoutbox: Outbox) -> None:
    message = tell(reader(deadlines="daily"))
    send()

    send(SEVEN, is_wanted=False)

    assert (state_of(message), message.reason, mailoutbox) == (("daily", "expired"), "done", [])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "is_wanted", "reason"),
    [({"expires_at": NOON}, True, "late"), ({}, False, "done")],
)
def test_mail_that_was_held_back_says_why(
    fields: dict[str, Any], *, is_wanted: bool, reason: str
) -> None:
    message = tell(make.user(), **fields)

    send(is_wanted=is_wanted)

    message.refresh_from_db()
    assert (message.status, message.reason) == ("expired", reason)


@pytest.mark.django_db
def test_only_what_is_not_required_can_be_ended_from_the_mail(mailoutbox: Outbox) -> None:
    person = make.user()
    tell(person, 1)
    tell(person, 2, topic="")

    send()

    optional, required = (mail.message() for mail in mailoutbox)
    assert optional["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert optional["List-Unsubscribe"].startswith(f"<{settings.SITE_URL}/akun/berhenti/")
    assert required["List-Unsubscribe"] is None


@pytest.mark.django_db
def test_one_click_ends_the_topic_without_a_session(client: Client) -> None:
    person = make.user()
    strict = Client(enforce_csrf_checks=True)
    url = unsubscribe_url(person.pk, topic=Topic.DEADLINES).removeprefix(settings.SITE_URL)

    asked = client.get(url)
    before = Reception.objects.count()
    done = strict.post(url, {"List-Unsubscribe": "One-Click"})

    assert (asked.status_code, before, done.status_code) == (200, 0, 200)
    chosen = Reception.objects.get(user=person)
    assert (chosen.deadlines, chosen.progress) == ("portal", "now")


@pytest.mark.django_db
def test_end_of_the_daily_mail_ends_all_that_it_holds(client: Client) -> None:
    person = reader(deadlines="daily", progress="daily")

    client.post(unsubscribe_url(person.pk, topic=Topic.DIGEST).removeprefix(settings.SITE_URL))

    chosen = Reception.objects.get(user=person)
    assert (chosen.deadlines, chosen.progress) == ("portal", "portal")


@pytest.mark.django_db
def test_inbox_counts_shows_and_marks_only_ones_own(client: Client) -> None:
    person, other = make.user(), make.user()
    kept = [tell(person, number, status="sent", sent_at=NOON) for number in (1, 2)]
    tell(person, 3, status="expired", subject="Tidak perlu")
    tell(person, 4, status="sent", sent_at=NOON, is_secret=True, subject="Sandi")
    foreign = tell(other, 5, status="sent", sent_at=NOON, subject="Orang lain")
    client.force_login(person)

    page = client.get(reverse("accounts:inbox"))
    client.post(reverse("accounts:inbox-read", args=[kept[0].pk]))
    client.post(reverse("accounts:inbox-read", args=[foreign.pk]))
    after = client.get(reverse("accounts:inbox"))

    shown = page.content.decode()
    assert {message for message, _html in page.context["notices"]} == set(kept)
    assert ("Sandi" in shown, "Orang lain" in shown) == (False, False)
    assert [each.context["request"].actor.unread for each in (page, after)] == [2, 1]
    foreign.refresh_from_db()
    assert foreign.read_at is None


@pytest.mark.django_db
def test_choices_are_kept_and_a_wrong_hour_is_refused(client: Client) -> None:
    person = make.user()
    client.force_login(person)
    typed = {
        "deadlines": "daily",
        "progress": "portal",
        "time_zone": "Asia/Jayapura",
        "address": "",
    }

    wrong = client.post(reverse("accounts:reception-edit"), typed | {"digest_hour": "24"})
    right = client.post(reverse("accounts:reception-edit"), typed | {"digest_hour": "6"})

    chosen = Reception.objects.get(user=person)
    assert (wrong.status_code, right.status_code) == (422, 302)
    assert (chosen.deadlines, chosen.progress, chosen.digest_hour, chosen.time_zone) == (
        "daily",
        "portal",
        6,
        "Asia/Jayapura",
    )


@pytest.fixture
def gateway(settings: Settings) -> Iterator[list[dict[str, str]]]:
    """Takes what comes with the right token, but nothing for a number that ends in 0."""
    taken: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            is_taken = self.headers["Authorization"] == "Bearer x" and body["to"][-1] != "0"
            if is_taken:
                taken.append(body)
            self.send_response(202 if is_taken else 503)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    settings.CHAT_GATEWAY_URL = f"http://127.0.0.1:{server.server_port}/kirim"
    settings.CHAT_GATEWAY_TOKEN = "x"
    yield taken
    server.shutdown()
    server.server_close()


@pytest.mark.django_db
def test_chat_takes_what_its_reader_wants_there(
    gateway: list[dict[str, str]], mailoutbox: Outbox
) -> None:
    person = make.user(phone="0812-3456-7891")
    Reception.objects.create(user=person, deadlines="chat")
    message = tell(person)

    send()

    assert (state_of(message), mailoutbox) == (("chat", "sent"), [])
    assert [(chat["to"], chat["text"][:7]) for chat in gateway] == [("6281234567891", "Kirim 1")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("phone", "only_to"), [("081234567890", ""), ("", ""), ("0812345678", "uji@kota.example")]
)
def test_mail_goes_out_where_no_chat_does(
    phone: str,
    only_to: str,
    gateway: list[dict[str, str]],
    mailoutbox: Outbox,
    settings: Settings,
) -> None:
    settings.MAIL_ONLY_TO = only_to
    person = make.user(phone=phone)
    Reception.objects.create(user=person, deadlines="chat")
    message = tell(person)

    send()

    assert (state_of(message), len(mailoutbox), gateway) == (("mail", "sent"), 1, [])


@pytest.mark.django_db
@pytest.mark.parametrize(("phone", "offered"), [("", False), ("08123456789", True)])
def test_chat_is_offered_to_who_has_a_number(
    phone: str, *, offered: bool, gateway: list[dict[str, str]]
) -> None:
    form = ReceptionForm(instance=Reception(user=make.user(phone=phone)))

    ways = [value for value, _label in form.fields["deadlines"].choices]  # type: ignore[attr-defined]

    assert ("chat" in ways) == offered


@pytest.mark.django_db
def test_sender_with_nothing_to_send_asks_three_times() -> None:
    with CaptureQueriesContext(connection) as asked:
        send()

    assert len([query for query in asked if "SAVEPOINT" not in query["sql"]]) == 3
