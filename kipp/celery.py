"""The Celery application: the broker message is a hint, the database is the truth."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

from celery import Celery, bootsteps
from django.conf import settings
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kipp.settings")

TICK = timedelta(seconds=30)
SOON = timedelta(seconds=3)
REST = timedelta(minutes=10)


class RefuseRoot(bootsteps.Step):
    """A worker opens uploaded files; only the demo may do that as root."""

    def __init__(self, parent: Any, **_options: Any) -> None:
        if os.geteuid() == 0 and not settings.DEMO:
            raise SystemExit("The worker refuses to run as root: start it as an ordinary user.")
        super().__init__(parent)


app = Celery("kipp")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    accept_content=["json"],
    task_serializer="json",
    task_ignore_result=True,
    task_soft_time_limit=270,
    task_time_limit=300,
    task_default_queue="mail",
    task_routes={"*.tasks.make_*": {"queue": "heavy"}},
    task_publish_retry=False,
    broker_transport="kipp.broker:Transport",
    broker_connection_timeout=2,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_transport_options={
        "socket_timeout": 2,
        "socket_connect_timeout": 2,
        "max_retries": 1,
        "interval_start": 0,
    },
    worker_prefetch_multiplier=1,
    worker_max_tasks_per_child=1000,
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,
    beat_scheduler="kipp.ticking:Ticker",
    # Beat only ticks; what is due, and whether it was done, is in the database.
    beat_schedule={
        name: {"task": f"kipp.tasks.{name}", "schedule": TICK, "options": {"expires": 30}}
        for name in (
            "sweep_outbox",
            "sweep_reminders",
            "sweep_authorised",
            "sweep_embargoes",
            "beat_heart",
        )
    }
    # Somebody looks at the page of the job.
    | {"make_jobs": {"task": "kipp.tasks.make_jobs", "schedule": SOON, "options": {"expires": 3}}}
    | {
        name: {
            "task": f"kipp.tasks.{name}",
            "schedule": REST,
            "options": {"expires": 600},
        }
        for name in (
            "sweep_silence",
            "sweep_warnings",
            "sweep_objections",
            "make_video_checks",
            "sweep_storage",
            "sweep_retention",
        )
    },
)
app.steps["worker"].add(RefuseRoot)
# Of a task's log, here and not in every process that loads the settings.
app.steps["worker"].add(DjangoStructLogInitStep)
app.autodiscover_tasks()
