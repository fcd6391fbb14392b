"""The clock of the background work; loaded by beat alone."""

from __future__ import annotations

from typing import Any

from celery.beat import PersistentScheduler


class Ticker(PersistentScheduler):
    """Notices that the clock was set back, or nothing would tick until it has caught up."""

    def tick(self, *arguments: Any, **options: Any) -> Any:
        now = self.app.now()
        entries = self.schedule.values()
        ahead = [each for each in entries if each.last_run_at and each.last_run_at > now]
        for entry in ahead:
            entry.last_run_at = now
        if ahead:
            self.populate_heap()
        return super().tick(*arguments, **options)
