"""gunicorn for production and for the demo; WEB_CONCURRENCY sets the number of workers."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

from django.urls import get_resolver
from django.utils import translation

from kipp import settings  # a missing variable stops here with its sentence

# A login's hash takes 19 MB. After the first one glibc raises its own thresholds and keeps as much
# for ever; thresholds that are set (M_TRIM_THRESHOLD, M_MMAP_THRESHOLD) stay, and it is given back.
LARGE = 4 * 1024 * 1024
if hasattr(libc := ctypes.CDLL(None), "mallopt"):
    libc.mallopt(-1, LARGE)
    libc.mallopt(-3, LARGE)

wsgi_app = "kipp.wsgi"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
# Nothing else ends the wait for a database that is frozen.
timeout = 30
graceful_timeout = 20
max_requests = 10_000
max_requests_jitter = 1_000
if Path("/dev/shm").is_dir():  # noqa: S108 - the heartbeat file must not wait for a disk
    worker_tmp_dir = "/dev/shm"  # noqa: S108

# A reload begins the counters at zero again; Prometheus allows for that.
if settings.METRICS_FOLDER:
    Path(settings.METRICS_FOLDER).mkdir(parents=True, exist_ok=True)
    for path in Path(settings.METRICS_FOLDER).glob("*.db"):
        path.unlink()


def post_worker_init(_worker: object) -> None:
    """Load views and translations now, so that the first request does not wait for them."""
    get_resolver().url_patterns  # noqa: B018 - asking imports them
    for language, _name in settings.LANGUAGES:
        translation.activate(language)
    translation.deactivate()
