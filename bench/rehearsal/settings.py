"""The portal on the sandbox of `manage.py rehearse`: nothing of it reaches the live cache."""

from __future__ import annotations

from bench.portal.settings import *  # noqa: F403

CACHES = {
    name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": name}
    for name in ("default", "template_fragments")
}
