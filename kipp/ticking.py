"""The clock of the background work; loaded by beat alone."""

from __future__ import annotations

import time
from typing import Any

import structlog
from celery.beat import PersistentScheduler, SchedulingError
from django.db import close_old_connections

# Seconds for which a broker that did not take a call is not asked again.
REST = 5.0

log = structlog.get_logger(__name__)


class Ticker(PersistentScheduler):
    """Notices that the clock was set back, or nothing would tick until it has caught up.

    While the broker takes no calls, sweeps are done here: what the database promised, and what a
    deadline sends, does not wait for it. Long work does.
    """

    rests_until = 0.0

    def tick(self, *arguments: Any, **options: Any) -> Any:
        now = self.app.now()
        entries = self.schedule.values()
        ahead = [each for each in entries if each.last_run_at and each.last_run_at > now]
        for entry in ahead:
            entry.last_run_at = now
        if ahead:
            self.populate_heap()
        return super().tick(*arguments, **options)

    def apply_async(self, entry: Any, *arguments: Any, **options: Any) -> Any:
        if time.monotonic() >= self.rests_until:
            try:
                return super().apply_async(entry, *arguments, **options)
            except SchedulingError:
                log.warning("broker_away", task=entry.task)
                self.rests_until = time.monotonic() + REST
        if ".sweep_" not in entry.task:
            return None
        close_old_connections()
        done = self.app.tasks[entry.task].apply()  # a failure is logged, as in a worker
        close_old_connections()
        return done

    def _ensure_connected(self) -> Any:
        """Connected by the first call; a clock that waited for that here would not tick."""
        return self.connection
