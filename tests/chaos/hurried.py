"""The portal's background work in time lapse: a tenth of the ticks, leases and waits.

`celery --app tests.chaos.hurried worker`. Everything else is as it is in production.
"""

from __future__ import annotations

import os
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kipp.settings")
django.setup()

from django.conf import settings  # noqa: E402

from accounts import delivery, hosts  # noqa: E402
from kipp.celery import REST, TICK, app  # noqa: E402

FASTER = 10

delivery.LEASE /= FASTER
vars(delivery)["BREAKS"] = tuple(pause / FASTER for pause in hosts.BREAKS)
delivery.BACKOFF = (timedelta(seconds=1), timedelta(seconds=2), timedelta(seconds=5))
settings.EMAIL_TIMEOUT = 2
for line in app.conf.beat_schedule.values():
    if line["schedule"] in {TICK, REST}:
        line["schedule"] = TICK / FASTER
