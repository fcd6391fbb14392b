"""What the database and this machine say of the portal, as numbers for Prometheus."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from django.db import DatabaseError, connection
from django.db.models import Count, Min
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily as Gauge
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from accounts.heartbeat import last_beat
from accounts.models import Message, OuterHost
from competitions.models import Round
from competitions.workflow import CompetitionStatus
from kipp.doctor import QUICK, Color, examine
from kipp.lib.files import local_folder
from kipp.lib.probing import is_public
from proposals.models import Submission

COLORS: Mapping[Color, int] = {Color.GREEN: 0, Color.YELLOW: 1, Color.RED: 2, Color.UNKNOWN: 3}
Status = Message.Status


class PortalCollector(Collector):
    """Asked anew at each scrape. Without the database the checks alone answer."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock

    def collect(self) -> Iterator[Gauge]:
        at = self.clock()
        checks = Gauge("kipp_check", "0 green, 1 yellow, 2 red, 3 unknown.", labels=["name"])
        for finding in examine(QUICK, clock=self.clock):
            checks.add_metric([finding.name], COLORS[finding.color])
        yield checks
        if folder := local_folder():
            yield Gauge("kipp_free_bytes", "Room for uploads.", shutil.disk_usage(folder).free)
        try:
            yield from (*_outbox(at), *_work(at))
        except DatabaseError:
            return
        finally:
            connection.close()


def registry_of(folder: str, *, clock: Callable[[], datetime]) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(PortalCollector(clock))
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        MultiProcessCollector(registry, path=folder)  # type: ignore[no-untyped-call]
    return registry


def is_private(host: str) -> bool:
    """Whether nobody outside can reach what listens there."""
    found = {str(entry[4][0]) for entry in socket.getaddrinfo(host, None)}
    return not any(is_public(address) or address in {"0.0.0.0", "::"} for address in found)  # noqa: S104


def _outbox(at: datetime) -> Iterator[Gauge]:
    waiting = Gauge("kipp_outbox_waiting", "Messages not sent yet.", labels=["channel"])
    oldest = Gauge("kipp_outbox_late_seconds", "How late the first one is.", labels=["channel"])
    open_still = Message.objects.filter(status__in=[Status.QUEUED, Status.SENDING]).order_by()
    rows = open_still.values("channel").annotate(count=Count("pk"), first=Min("due_at"))
    for row in rows:
        waiting.add_metric([row["channel"]], row["count"])
        oldest.add_metric([row["channel"]], max(0.0, (at - row["first"]).total_seconds()))
    failed = Message.objects.filter(status=Status.FAILED).count()
    resting = OuterHost.objects.filter(rests_until__gt=at).count()
    yield from (waiting, oldest)
    yield Gauge("kipp_mails_failed", "Messages given up.", failed)
    yield Gauge("kipp_hosts_resting", "Machines of others that are left alone.", resting)


def _work(at: datetime) -> Iterator[Gauge]:
    for name in ("worker", "backup"):
        if beaten_at := last_beat(name):
            seconds = (at - beaten_at).total_seconds()
            yield Gauge(f"kipp_{name}_age_seconds", f"Since the last sign of {name}.", seconds)
    yield Gauge("kipp_submissions", "Proposals sent, all editions.", Submission.objects.count())
    ends = Gauge("kipp_round_ends_seconds", "Until open rounds end.", labels=["edition", "round"])
    open_rounds = Round.objects.filter(
        competition__status=CompetitionStatus.PUBLISHED, starts_at__lte=at, ends_at__gt=at
    )
    for slug, key, ends_at in open_rounds.values_list("competition__slug", "key", "ends_at"):
        ends.add_metric([slug, key], (ends_at - at).total_seconds())
    yield ends
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        yield Gauge("kipp_locks_waiting", "Locks that somebody waits for.", cursor.fetchone()[0])
