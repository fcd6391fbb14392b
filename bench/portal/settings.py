"""The portal as production runs it, but reachable without TLS: loopback only, for the bench."""

from __future__ import annotations

from kipp.settings import *  # noqa: F403

SECURE_SSL_REDIRECT = False
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
# The driver's people log in again and again from one address.
ACCOUNT_RATE_LIMITS = dict.fromkeys(ACCOUNT_RATE_LIMITS, "100000/m/ip")  # noqa: F405
