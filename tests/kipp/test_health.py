from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.heartbeat import beat
from competitions.services import close_portal

NOWHERE = "redis://127.0.0.1:1/0"
ALL_WELL = dict.fromkeys(
    (
        "database",
        "migrations",
        "media",
        "space",
        "broker",
        "worker",
        "outbox",
        "jobs",
        "delivery",
        "clock",
        "maintenance",
    ),
    "green",
)


@contextmanager
def no_database() -> Iterator[None]:
    """The server is gone: every attempt to reach it is refused."""
    port = connection.settings_dict["PORT"]
    connection.close()
    connection.settings_dict["PORT"] = 1
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["PORT"] = port


def look(client: Client) -> tuple[int, str, dict[str, str]]:
    """Status, state and the components that are not green."""
    answer = client.get("/readyz")
    body = answer.json()
    assert list(body["components"]) == list(ALL_WELL)
    ill = {name: color for name, color in body["components"].items() if color != "green"}
    return answer.status_code, body["state"], ill


@pytest.mark.django_db
def test_all_is_well_while_the_worker_beats(client: Client) -> None:
    assert look(client) == (200, "yellow", {"worker": "yellow"})

    beat("worker", at=timezone.now())

    assert look(client) == (200, "green", {})


@pytest.mark.django_db
def test_what_no_page_needs_is_yellow(client: Client, settings: Settings) -> None:
    beat("worker", at=timezone.now())
    settings.REDIS_URL = NOWHERE
    settings.FREE_SPACE_FLOOR_MB = 10**12
    Path(settings.MEDIA_ROOT).mkdir()
    close_portal(at=timezone.now())
    expected = {"broker": "yellow", "space": "yellow", "maintenance": "yellow"}

    assert look(client) == (200, "yellow", expected)


@pytest.mark.django_db
def test_clocks_that_differ_are_told(client: Client) -> None:
    with time_machine.travel(timezone.now() + timedelta(seconds=3)):
        beat("worker", at=timezone.now())
        assert look(client) == (200, "yellow", {"clock": "yellow"})


@pytest.mark.django_db
def test_uploads_that_cannot_be_written_are_red(client: Client, settings: Settings) -> None:
    beat("worker", at=timezone.now())
    Path(settings.MEDIA_ROOT).write_text("not a folder")

    assert look(client) == (503, "red", {"media": "red"})


@pytest.mark.django_db
def test_missing_migration_is_red(client: Client) -> None:
    beat("worker", at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'judging'")

    assert look(client) == (503, "red", {"migrations": "red"})


@pytest.mark.django_db(transaction=True)
def test_without_database_only_the_process_is_well(client: Client) -> None:
    unknown = dict.fromkeys(
        ("migrations", "worker", "outbox", "jobs", "delivery", "clock", "maintenance"), "unknown"
    )

    with no_database():
        process = client.get("/healthz")
        ready = look(client)

    assert (process.status_code, process.content) == (200, b"ok\n")
    assert ready == (503, "red", {"database": "red", **unknown})


def test_health_is_read_only(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
