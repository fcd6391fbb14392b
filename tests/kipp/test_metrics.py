"""Numbers for Prometheus: on a private address alone, and of nobody by name."""

from __future__ import annotations

import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from prometheus_client import REGISTRY
from pytest_django import Settings

from accounts.models import Message
from kipp.demo.servers import free_port
from kipp.metrics import is_private
from tests import make
from tests.kipp.commands import ROOT, running

COUNT = "import kipp.counting as c; c.count('proposals:board', method='GET', status=200, seconds=1)"


@pytest.mark.django_db(transaction=True)
def test_scrape_adds_up_what_processes_counted_and_names_nobody(tmp_path: Path) -> None:
    make.round_(make.competition(slug="kipp-2026"), ends_at=timezone.now() + make.DAY)
    now = timezone.now()
    Message.objects.create(
        dedupe_key="a", to_email="rina@kota.example", created_at=now, due_at=now - make.DAY
    )
    folder = {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    for _process in range(2):
        subprocess.run([sys.executable, "-c", COUNT], cwd=ROOT, env=folder, check=True)
    address = f"127.0.0.1:{free_port()}"

    with running("serve_metrics", METRICS_ADDRESS=address, METRICS_FOLDER=str(tmp_path)) as line:
        text = urllib.request.urlopen(f"http://{address}/metrics", timeout=10).read().decode()

    rows = dict(each.rsplit(" ", 1) for each in text.splitlines() if not each.startswith("#"))
    assert line == f"Metrics on http://{address}/metrics\n"
    assert rows['kipp_answers_total{method="GET",route="proposals:board",status="200"}'] == "2.0"
    assert rows['kipp_outbox_waiting{channel="mail"}'] == "1.0"
    assert float(rows['kipp_outbox_late_seconds{channel="mail"}']) >= 86400
    assert rows['kipp_check{name="database"}'] == "0.0"
    assert rows['kipp_check{name="worker"}'] == "1.0"
    assert float(rows['kipp_round_ends_seconds{edition="kipp-2026",round="submission"}']) > 86300
    assert "@" not in text


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("10.1.2.3", True),
        ("::1", True),
        ("8.8.8.8", False),
        ("0.0.0.0", False),  # noqa: S104
        ("::", False),
    ],
)
def test_only_private_addresses_are_listened_on(host: str, *, expected: bool) -> None:
    assert is_private(host) == expected


@pytest.mark.parametrize("address", ["", "8.8.8.8:9108", "127.0.0.1:http"])
def test_command_refuses_every_other_address(address: str) -> None:
    with pytest.raises(CommandError, match="private"):
        call_command("serve_metrics", address=address)


@pytest.mark.django_db
def test_answers_are_counted_by_the_name_of_their_route(client: Client, settings: Settings) -> None:
    settings.MIDDLEWARE = ["kipp.middleware.count_requests", *settings.MIDDLEWARE]
    labels = {"route": "account_login", "method": "POST", "status": "200"}
    before = REGISTRY.get_sample_value("kipp_answers_total", labels) or 0

    client.post("/akun/masuk/", {"login": "rina@kota.example", "password": "salah"})

    assert REGISTRY.get_sample_value("kipp_answers_total", labels) == before + 1


@pytest.mark.django_db
def test_public_address_serves_no_metrics(client: Client) -> None:
    assert client.get("/metrics").status_code == 404
