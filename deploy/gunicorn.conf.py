"""gunicorn for production and for the demo; WEB_CONCURRENCY sets the number of workers."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

from django.urls import get_resolver
from django.utils import translation

from kipp import settings  # a missing variable stops here with its sentence

# A login's hash takes 19 MB, and from the first one glibc learns to keep as much for ever. With
# limits of ours (M_TRIM_THRESHOLD, M_MMAP_THRESHOLD) it learns nothing and gives it back.
LARGE = 4 * 1024 * 1024
if hasattr(libc := ctypes.CDLL(None), "mallopt"):
    libc.mallopt(-1, LARGE)
    libc.mallopt(-3, LARGE)

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


def post_worker_init(_worker: object) -> None:
    """Views and sentences are loaded before the first request, which would wait for them."""
    get_resolver().url_patterns  # noqa: B018 - asking imports them
    for language, _name in settings.LANGUAGES:
        translation.activate(language)
    translation.deactivate()
