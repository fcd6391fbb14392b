"""gunicorn for production and for the demo; WEB_CONCURRENCY sets the number of workers."""

from __future__ import annotations

import os
from pathlib import Path

from kipp import settings  # a missing variable stops here with its sentence

wsgi_app = "kipp.wsgi"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
# A frozen database is freed by nothing else.
timeout = 30
graceful_timeout = 20
max_requests = 10_000
max_requests_jitter = 1_000
if Path("/dev/shm").is_dir():  # noqa: S108 - the heartbeat file must not wait for a disk
    worker_tmp_dir = "/dev/shm"  # noqa: S108

# A reload starts the sums anew, which Prometheus expects of counters.
if settings.METRICS_FOLDER:
    Path(settings.METRICS_FOLDER).mkdir(parents=True, exist_ok=True)
    for path in Path(settings.METRICS_FOLDER).glob("*.db"):
        path.unlink()
