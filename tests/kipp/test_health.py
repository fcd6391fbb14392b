from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.heartbeat import beat

pytestmark = pytest.mark.django_db


def test_process_answers_without_login(client: Client) -> None:
    answer = client.get("/healthz")

    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_readiness_tells_that_no_worker_beats(client: Client) -> None:
    answer = client.get("/readyz").json()

    del answer["at"]
    assert answer == {"database": True, "worker": False, "mail": True, "clock": True, "cache": True}


def test_readiness_hears_the_worker(client: Client) -> None:
    beat("worker", at=timezone.now())

    assert client.get("/readyz").json()["worker"] is True


def test_readiness_tells_that_the_clocks_differ(client: Client) -> None:
    with time_machine.travel(timezone.now() + timedelta(seconds=3)):
        assert client.get("/readyz").json()["clock"] is False


def test_health_is_read_only(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
