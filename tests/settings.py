"""The real settings with what tests need to be quick and alone."""

from __future__ import annotations

import os

# Replaced by throw-away servers when the session starts (tests/conftest.py).
NOWHERE = "postgres://postgres@127.0.0.1:1/kipp"

os.environ.setdefault("DATABASE_URL", NOWHERE)
os.environ.setdefault("REDIS_URL", "redis://127.0.0.1:1/0")
os.environ["SECRET_KEY"] = "only-for-tests-" * 4
os.environ["SITE_URL"] = "http://localhost"
os.environ["EMAIL_URL"] = "smtp://127.0.0.1:1025"
os.environ["DEBUG"] = "on"
os.environ["FREE_SPACE_FLOOR_MB"] = os.environ["FREE_SPACE_FLOOR_PERCENT"] = "0"
os.environ.pop("DEMO", None)

from kipp.settings import *  # noqa: E402, F403

DEBUG = False
INSTALLED_APPS += ["tests"]  # noqa: F405 - its command `flush` ends a test sooner
# Both are set where the database server is our own: it is a quarter nearer through its socket, and
# it was migrated once, to be copied for each worker.
if folder := os.environ.get("DATABASE_SOCKETS"):
    DATABASES["default"]["HOST"] = folder  # noqa: F405
DATABASES["default"]["TEST"] = {"TEMPLATE": os.environ.get("TEST_TEMPLATE")}  # noqa: F405
LOCALE_PATHS = []  # tests read msgids, whether the catalogue was compiled here or not
ALLOWED_HOSTS = ["localhost", "testserver", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# The live server finds no hashed names.
STORAGES = {
    **STORAGES,  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True  # nothing is collected
MEDIA_ROOT = BASE_DIR / "var" / "test-media"  # noqa: F405
LOGGING_CONFIG = None
# Static files come from where they are written; nothing was collected. Whether the portal is closed
# is asked by the clock, which no count of statements can know: its own test puts the question back.
ABSENT = ("whitenoise", "Maintenance")
MIDDLEWARE = [name for name in MIDDLEWARE if not any(word in name for word in ABSENT)]  # noqa: F405
