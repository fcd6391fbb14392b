from __future__ import annotations

import threading
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from prometheus_client import start_http_server

from kipp.metrics import is_private, registry_of


class Command(BaseCommand):
    help = "Answer Prometheus on METRICS_ADDRESS, a private host:port, until stopped."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--address", default=settings.METRICS_ADDRESS, help="host:port")

    def handle(self, *_args: Any, address: str, **_options: Any) -> None:
        host, _colon, port = address.rpartition(":")
        if not host or not port.isdigit():
            raise CommandError("Set METRICS_ADDRESS to a private host:port, as 127.0.0.1:9108.")
        try:
            if not is_private(host):
                raise CommandError(f"{host} can be reached from outside: name a private address.")
            registry = registry_of(settings.METRICS_FOLDER, clock=timezone.now)
            start_http_server(int(port), addr=host, registry=registry)
        except OSError as error:
            raise CommandError(f"{address} cannot be listened on ({error}).") from error
        self.stdout.write(f"Metrics on http://{address}/metrics")
        self.stdout.flush()
        threading.Event().wait()
