"""Settings come from the environment only; docs/operations.md has the table."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from environs import Env, validate
from redis.backoff import NoBackoff
from redis.retry import Retry

from kipp.environment import (
    is_https,
    is_loopback,
    is_mail_address,
    is_redis_address,
    is_service_address,
    is_web_address,
    read,
    refuse,
)
from kipp.lib.late import late
from kipp.lib.signing import derive_key, read_key
from kipp.logs import RENDERERS, configure_structlog, logging_config

# For every process: they share the processors, so that further threads of numpy would only wait.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()
env.add_parser("signing_key", read_key)

# What and where

DEBUG = read(env.bool, "DEBUG", default=False)
DEMO = read(env.bool, "DEMO", default=False)
PRODUCTION = not (DEBUG or DEMO)
SECRET_KEY = read(env.str, "SECRET_KEY", validate=validate.Length(min=50))
SECRET_KEY_FALLBACKS = read(env.list, "SECRET_KEY_FALLBACKS", default=[])
UNSIGNED = {} if PRODUCTION else {"default": derive_key(SECRET_KEY)}
SIGNING_KEY = read(env.signing_key, "SIGNING_KEY", **UNSIGNED)
EARLIER_SIGNING_KEYS = read(env.list, "EARLIER_SIGNING_KEYS", default=[], subcast=read_key)
SITE_URL = read(env.str, "SITE_URL", validate=is_web_address)
if PRODUCTION and not is_https(SITE_URL):
    refuse("SITE_URL", state="is not safe")
HERE = [] if PRODUCTION else ["localhost", "127.0.0.1"]
ALLOWED_HOSTS = read(env.list, "ALLOWED_HOSTS", default=[urlsplit(SITE_URL).hostname, *HERE])
CSRF_TRUSTED_ORIGINS = [SITE_URL]

INSTALLED_APPS = [
    "kipp.apps.KippConfig",
    "judging.apps.JudgingConfig",
    "proposals.apps.ProposalsConfig",
    "competitions.apps.CompetitionsConfig",
    "accounts.apps.AccountsConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "accounts.apps.SignedInConfig",
    "django.contrib.humanize",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_structlog",
    "csp",
]

MIDDLEWARE = [
    "kipp.middleware.identify_requests",
    "kipp.middleware.note_arrival",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kipp.middleware.MaintenanceMiddleware",
    "competitions.middleware.sharing_middleware",
    "django.middleware.gzip.GZipMiddleware",
    "kipp.middleware.content_policy",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "kipp.middleware.private_pages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SignedInMiddleware",
    "kipp.middleware.LogMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "competitions.requests.actor_middleware",
    "kipp.middleware.explain_wrong_methods",
    "kipp.middleware.BusyMiddleware",
]

ROOT_URLCONF = "kipp.urls"
WSGI_APPLICATION = "kipp.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kipp.context.page",
            ],
        },
    },
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {"environment": "kipp.lib.jinja.environment", "autoescape": True},
    },
]

# Whose portal it is

PORTAL = {
    "name": read(env.str, "SITE_NAME", default="Portal KIPP"),
    "owner": read(env.str, "SITE_OWNER", default=""),
    "emblem_url": read(env.str, "SITE_EMBLEM_URL", default=""),
    "theme_url": read(env.str, "SITE_THEME_URL", default=""),
}
HELP_EMAIL = read(env.str, "HELP_EMAIL", default="")
HELP_PHONE = read(env.str, "HELP_PHONE", default="")

# PostgreSQL

STATEMENT_TIMEOUT = read(
    env.int, "DATABASE_STATEMENT_TIMEOUT", default=30, validate=validate.Range(min=0)
)
DATABASES = {
    "default": read(env.dj_db_url, "DATABASE_URL", conn_max_age=60, conn_health_checks=True)
}
if DATABASES["default"].get("ENGINE") != "django.db.backends.postgresql":
    refuse("DATABASE_URL", state="cannot be used")
DATABASES["default"].setdefault("OPTIONS", {}).update(
    connect_timeout=5,
    options=(
        f"-c statement_timeout={STATEMENT_TIMEOUT * 1000} -c lock_timeout=5000"
        " -c idle_in_transaction_session_timeout=60000 -c plan_cache_mode=force_generic_plan"
    ),
)
# Each connection keeps the plans of what every page asks (kipp.lib.prepared).
DATABASE_PREPARE = read(env.bool, "DATABASE_PREPARE", default=True)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Redis: a cache that may go away, and a broker whose messages are hints

REDIS_URL = read(env.str, "REDIS_URL", validate=is_redis_address)
NO_WAITING = {"socket_timeout": 1, "socket_connect_timeout": 1, "retry": Retry(NoBackoff(), 0)}
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "kipp.lib.cache.DegradingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "kipp",
        "OPTIONS": NO_WAITING,
    },
    # For {% cache %}: parts of pages that are the same for everybody, in each process.
    "template_fragments": {
        "BACKEND": "django.core.cache.backends."
        + ("dummy.DummyCache" if DEBUG else "locmem.LocMemCache")
    },
}
CELERY_BROKER_URL = REDIS_URL

# People

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.EmailBackend"]
PASSWORD_HASHERS = ["kipp.lib.hashers.Argon2Hasher"]
PASSWORD_PROFILE = read(
    env.str, "PASSWORD_PROFILE", default="asvs", validate=validate.OneOf(["asvs", "bssn"])
)
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
if PASSWORD_PROFILE == "bssn":  # noqa: S105 - the name of a profile
    AUTH_PASSWORD_VALIDATORS += [
        {"NAME": "accounts.passwords.MixedSignsValidator"},
        {"NAME": "accounts.passwords.UnusedBeforeValidator"},
    ]
    MIDDLEWARE.insert(
        MIDDLEWARE.index("accounts.middleware.SecondFactorMiddleware"),
        "accounts.middleware.PasswordAgeMiddleware",
    )
OIDC_ISSUER = read(env.str, "OIDC_ISSUER", default="", validate=is_service_address)
if OIDC_ISSUER and PRODUCTION and not is_https(OIDC_ISSUER):
    refuse("OIDC_ISSUER", state="is not safe")
OIDC_CLIENT_ID = read(env.str, "OIDC_CLIENT_ID", default="")
OIDC_CLIENT_SECRET = read(env.str, "OIDC_CLIENT_SECRET", default="")
PORTAL["sso_name"] = read(env.str, "OIDC_NAME", default="SSO") if OIDC_ISSUER else ""

SESSION_ENGINE = "accounts.sessions"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/beranda/"
REQUIRE_SECOND_FACTOR = read(env.bool, "REQUIRE_SECOND_FACTOR", default=PRODUCTION)
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # the invitation went to this address
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail to whomever a stranger names
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
# Per account first; per address so generously that 300 people behind one NAT get in.
ACCOUNT_RATE_LIMITS = {
    "login": "1500/5m/ip",
    "login_failed": "5/5m/key,300/5m/ip",
    "reset_password": "300/5m/ip,5/5m/key",
    "reset_password_from_key": "300/5m/ip",
    "signup": "5/m/ip",
}
MFA_ADAPTER = "accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "KIPP"
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RATE_LIMITS = {"webauthn_login": "1500/5m/ip"}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION

# Language and time

LANGUAGE_CODE = "id"
LANGUAGES = [("id", _("Indonesian")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = read(
    env.str,
    "TIME_ZONE",
    default="Asia/Jakarta",
    validate=validate.OneOf(["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]),
)
USE_TZ = True

# Files

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = read(env.path, "STATIC_ROOT", default=BASE_DIR / "var" / "static")
MEDIA_ROOT = read(env.path, "MEDIA_ROOT", default=BASE_DIR / "var" / "media")
FILE_UPLOAD_PERMISSIONS = 0o640
FREE_SPACE_FLOOR_MB = read(env.int, "FREE_SPACE_FLOOR_MB", default=500)
FREE_SPACE_FLOOR_PERCENT = read(
    env.int, "FREE_SPACE_FLOOR_PERCENT", default=5, validate=validate.Range(min=0, max=90)
)
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "kipp.lib.receiving.RoomyUploadHandler",
]
S3_BUCKET = read(env.str, "S3_BUCKET", default="")
S3_OPTIONS: dict[str, Any] = {
    "bucket_name": S3_BUCKET,
    "endpoint_url": read(env.str, "S3_ENDPOINT_URL", default=None, validate=is_web_address),
    "region_name": read(env.str, "S3_REGION", default=None),
    "access_key": read(env.str, "S3_ACCESS_KEY", default=None),
    "secret_key": read(env.str, "S3_SECRET_KEY", default=None),
    "default_acl": "private",
    "file_overwrite": False,
    "querystring_auth": True,
}
if S3_BUCKET:
    # A service that is gone is said so while the person still waits.
    S3_OPTIONS["client_config"] = late("botocore.config").Config(
        connect_timeout=3, read_timeout=20, retries={"total_max_attempts": 2, "mode": "standard"}
    )
STATICFILES_BACKENDS = {
    (True, False): "django.contrib.staticfiles.storage.StaticFilesStorage",
    (True, True): "django.contrib.staticfiles.storage.ManifestStaticFilesStorage",
    (False, True): "kipp.lib.staticfiles.QuickManifestStorage",
    (False, False): "kipp.lib.staticfiles.KeptManifestStorage",
}
STORAGES: dict[str, dict[str, Any]] = {
    "default": (
        {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": S3_OPTIONS}
        if S3_BUCKET
        else {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    ),
    "staticfiles": {"BACKEND": STATICFILES_BACKENDS[DEBUG, DEMO]},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = not DEBUG

# Mail

EMAIL = read(env.dj_email_url, "EMAIL_URL")
if not EMAIL.get("EMAIL_BACKEND"):
    refuse("EMAIL_URL", state="cannot be used")
if PRODUCTION and not (
    EMAIL["EMAIL_USE_TLS"] or EMAIL["EMAIL_USE_SSL"] or is_loopback(EMAIL["EMAIL_HOST"])
):
    refuse("EMAIL_URL", state="is not safe")
EMAIL_BACKEND = EMAIL["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL["EMAIL_HOST"]
EMAIL_PORT = EMAIL["EMAIL_PORT"]
EMAIL_HOST_USER = EMAIL["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = EMAIL["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = EMAIL["EMAIL_USE_TLS"]
EMAIL_USE_SSL = EMAIL["EMAIL_USE_SSL"]
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = read(
    env.str, "DEFAULT_FROM_EMAIL", default=f"KIPP <noreply@{urlsplit(SITE_URL).hostname}>"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
MAIL_ONLY_TO = read(env.str, "MAIL_ONLY_TO", default="", validate=is_mail_address)
MAIL_PER_MINUTE = read(env.int, "MAIL_PER_MINUTE", default=0, validate=validate.Range(min=0))
CHAT_GATEWAY_URL = read(env.str, "CHAT_GATEWAY_URL", default="", validate=is_service_address)
CHAT_GATEWAY_TOKEN = read(env.str, "CHAT_GATEWAY_TOKEN", default="")
DEMO_MAIL_DIR = BASE_DIR / "var" / "mail"

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# Security

TRUSTED_PROXIES = read(env.int, "TRUSTED_PROXIES", default=0, validate=validate.Range(min=0, max=5))
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_SSL_REDIRECT = is_https(SITE_URL)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
HSTS_SECONDS = read(env.int, "HSTS_SECONDS", default=31536000, validate=validate.Range(min=0))
SECURE_HSTS_SECONDS = HSTS_SECONDS if is_https(SITE_URL) else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = is_https(SITE_URL)
CSRF_COOKIE_SECURE = is_https(SITE_URL)
LANGUAGE_COOKIE_SECURE = is_https(SITE_URL)
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
CSRF_FAILURE_VIEW = "kipp.views.errors.stale_page"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
NO_FEATURES = (
    "accelerometer autoplay camera display-capture encrypted-media geolocation gyroscope"
    " magnetometer microphone midi payment usb"
)
PERMISSIONS_POLICY: dict[str, list[str]] = {feature: [] for feature in NO_FEATURES.split()}

# Logs

LOG_FORMAT = read(
    env.str,
    "LOG_FORMAT",
    default="json" if PRODUCTION else "console",
    validate=validate.OneOf(sorted(RENDERERS)),
)
LOG_LEVEL = read(
    env.str,
    "LOG_LEVEL",
    default="INFO",
    validate=validate.OneOf(["DEBUG", "INFO", "WARNING", "ERROR"]),
)
LOGGING = logging_config(LOG_FORMAT, level=LOG_LEVEL)
configure_structlog()
# One line for each request, when it is answered: `kipp.incident` reads it.
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG

# Numbers for Prometheus: its library looks for the folder when it is first imported.

METRICS_ADDRESS = read(env.str, "METRICS_ADDRESS", default="")
METRICS_FOLDER = read(env.str, "METRICS_FOLDER", default="")
if METRICS_FOLDER:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = METRICS_FOLDER
    MIDDLEWARE.insert(0, "kipp.middleware.count_requests")

# `host:port` that video checks and webhooks may reach by plain http: tests only.
LOCAL_HOSTS: frozenset[str] = frozenset()
