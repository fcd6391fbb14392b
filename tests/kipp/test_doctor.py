from __future__ import annotations

import json
import time
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from accounts.heartbeat import beat
from accounts.models import Message
from accounts.services import ask_job
from kipp.demo.servers import free_port
from kipp.doctor import CHECKS, Color, examine
from tests import make
from tests.background.conftest import Sink, sink  # noqa: F401 - a fixture
from tests.kipp.commands import manage
from tests.kipp.test_health import no_database


def sentences() -> dict[str, str]:
    return {
        finding.name: finding.sentence
        for finding in examine(CHECKS, clock=timezone.now)
        if finding.color != Color.GREEN
    }


@pytest.mark.django_db(transaction=True)
def test_command_is_silent_about_what_is_well(sink: Sink) -> None:  # noqa: F811
    for name in ("worker", "backup"):
        beat(name, at=timezone.now())

    well = manage("doctor", "--json")

    assert well.returncode == 0, well.stdout
    body = json.loads(well.stdout)
    assert body["state"] == "green"
    assert {(each["color"], each["sentence"]) for each in body["checks"]} == {("green", "")}


@pytest.mark.django_db(transaction=True)
def test_command_ends_with_the_worst(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as yellow:
        call_command("doctor")
    with no_database(), pytest.raises(SystemExit) as red:
        call_command("doctor")

    lines = capsys.readouterr().out
    assert (yellow.value.code, red.value.code) == (1, 2)
    assert "yellow  backup       There is no backup: run manage.py backup" in lines
    assert "start PostgreSQL or mend DATABASE_URL." in lines
    assert "unknown migrations   Not known without the database." in lines


@pytest.mark.django_db
def test_every_failure_is_a_sentence_that_says_what_to_do(settings: Settings) -> None:
    now = timezone.now()
    beat("backup", at=now - timedelta(hours=30))
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    old = now - timedelta(hours=3)
    Message.objects.create(dedupe_key="a", created_at=old, due_at=old, last_error="451 later")
    ask_job("letters", {}, about="Surat", by=make.user(), at=old)
    started = time.monotonic()

    found = sentences()

    assert time.monotonic() - started < 2
    assert list(found) == ["worker", "outbox", "jobs", "mail", "backup"]
    assert "restart worker and beat" in found["worker"]
    assert found["outbox"].startswith("1 mails are late, the first since ")
    assert "(451 later): look at the worker and at the mail server." in found["outbox"]
    assert "start the worker of the queue heavy" in found["jobs"]
    assert "mend EMAIL_URL" in found["mail"]
    assert "look why the nightly one failed" in found["backup"]


def test_test_mail_arrives_as_it_was_written(sink: Sink) -> None:  # noqa: F811
    sent = manage("send_test_mail", "admin@kota.example", SITE_URL="https://kipp.example")

    assert sent.returncode == 0, sent.stderr
    assert sent.stdout.endswith("took the mail for admin@kota.example. Look whether it arrives.\n")
    assert [mail["To"] for mail in sink.mails] == ["admin@kota.example"]
    assert "https://kipp.example" in str(sink.mails[0].get_payload())


def test_test_mail_that_is_refused_says_why(sink: Sink) -> None:  # noqa: F811
    sink.answers["admin@kota.example"] = "550 no such person"

    with pytest.raises(CommandError, match="no such person"):
        call_command("send_test_mail", "admin@kota.example")
