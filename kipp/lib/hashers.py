from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2Hasher(Argon2PasswordHasher):
    """The minimum that OWASP asks for: 400 people log in within minutes on two cores."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
