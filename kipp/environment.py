"""Values from the environment: a missing or malformed one stops the start with one sentence."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar
from urllib.parse import urlsplit

from environs import EnvError, ValidationError

T = TypeVar("T")


@dataclass(frozen=True)
class Variable:
    default: str
    expects: str


# The table of docs/operations.md; tests compare the two, and both with kipp.settings.
VARIABLES = {
    "DEBUG": Variable("off", "on or off; on only for developers"),
    "DEMO": Variable("off", "on or off; on only for make demo"),
    "SECRET_KEY": Variable("required", "a random text of at least 50 characters"),
    "SECRET_KEY_FALLBACKS": Variable(
        "none", "earlier keys, separated by commas, while they are replaced"
    ),
    "SIGNING_KEY": Variable(
        "required in production",
        "32 random bytes in base64 (openssl rand -base64 32), or the path of a file with them",
    ),
    "EARLIER_SIGNING_KEYS": Variable(
        "none", "public keys from /verifikasi/kunci/ of signing keys that were replaced, by commas"
    ),
    "SITE_URL": Variable(
        "required", "the public address without a path, such as https://kipp.example.go.id"
    ),
    "SITE_NAME": Variable("Portal KIPP", "the name in the header and in page titles"),
    "SITE_OWNER": Variable("none", "the government under the name, such as Pemerintah Kota Malang"),
    "SITE_EMBLEM_URL": Variable("our emblem", "the address of an image on the same host"),
    "SITE_THEME_URL": Variable(
        "none", "the address of a style sheet on the same host that sets --kipp-* colours"
    ),
    "HELP_EMAIL": Variable("none", "the address in the help block of pages without a competition"),
    "HELP_PHONE": Variable("none", "the WhatsApp number in the same place"),
    "ALLOWED_HOSTS": Variable("the host of SITE_URL", "host names, separated by commas"),
    "DATABASE_PREPARE": Variable("on", "on or off; off behind PgBouncer in transaction mode"),
    "DATABASE_STATEMENT_TIMEOUT": Variable("30", "seconds; 0 for no limit, as for long migrations"),
    "DATABASE_URL": Variable("required", "postgres://user:password@host:5432/name"),
    "REDIS_URL": Variable("required", "redis://host:6379/0"),
    "REQUIRE_SECOND_FACTOR": Variable(
        "on in production", "on or off; on asks judges and committee for a second factor"
    ),
    "PASSWORD_PROFILE": Variable(
        "asvs", "asvs (length counts) or bssn (mixed signs, six months, none of the last five)"
    ),
    "OIDC_ISSUER": Variable("none", "the https:// address of a provider for single sign-on"),
    "OIDC_CLIENT_ID": Variable("none", "what the provider calls the portal"),
    "OIDC_CLIENT_SECRET": Variable("none", "the secret that the provider gave the portal"),
    "OIDC_NAME": Variable("SSO", "what the button says, such as SSO Pemerintah Kota Malang"),
    "METRICS_ADDRESS": Variable(
        "none", "the private host:port where manage.py serve_metrics listens, as 127.0.0.1:9108"
    ),
    "METRICS_FOLDER": Variable(
        "none", "a folder in memory, such as /run/kipp-metrics, where web processes count"
    ),
    "TIME_ZONE": Variable("Asia/Jakarta", "Asia/Jakarta, Asia/Makassar or Asia/Jayapura"),
    "STATIC_ROOT": Variable("var/static", "a folder for the collected static files"),
    "MEDIA_ROOT": Variable("var/media", "a folder that only the portal can read, for uploads"),
    "FREE_SPACE_FLOOR_MB": Variable("500", "uploads are refused while less than this is free"),
    "FREE_SPACE_FLOOR_PERCENT": Variable("5", "and while less than this share of the disk is free"),
    "S3_BUCKET": Variable("none", "a bucket; uploads go there instead of MEDIA_ROOT"),
    "S3_ENDPOINT_URL": Variable("Amazon's", "the https:// address of the S3 service"),
    "S3_REGION": Variable("none", "the region of the bucket"),
    "S3_ACCESS_KEY": Variable("the machine's role", "the key of the bucket's user"),
    "S3_SECRET_KEY": Variable("the machine's role", "the secret of the bucket's user"),
    "EMAIL_URL": Variable(
        "required", "submission://user:password@host:587 or smtp://user:password@host:465/?ssl=True"
    ),
    "DEFAULT_FROM_EMAIL": Variable(
        "noreply at the host of SITE_URL",
        "the sender of all mail, such as KIPP <kipp@example.go.id>",
    ),
    "MAIL_ONLY_TO": Variable(
        "none", "one address that gets all mail instead of its readers; for rehearsals"
    ),
    "MAIL_PER_MINUTE": Variable("0", "how many mails go out in a minute at most; 0 for no limit"),
    "CHAT_GATEWAY_URL": Variable(
        "none", "the https:// address of a gateway that takes chat messages, such as WhatsApp's"
    ),
    "CHAT_GATEWAY_TOKEN": Variable("none", "what the gateway knows the portal by"),
    "TRUSTED_PROXIES": Variable(
        "0", "how many reverse proxies stand in front and set X-Forwarded-For and -Proto"
    ),
    "HSTS_SECONDS": Variable("31536000", "how long browsers insist on https, in seconds"),
    "LOG_FORMAT": Variable("json in production", "json or console"),
    "LOG_LEVEL": Variable("INFO", "DEBUG, INFO, WARNING or ERROR"),
}


def read(parse: Callable[..., T], name: str, **options: Any) -> T:
    """One variable; an empty one counts as missing, as compose files and units write it."""
    if not os.environ.get(name, "").strip():
        os.environ.pop(name, None)
    try:
        return parse(name, **options)
    except (EnvError, ValueError):
        refuse(name, state="cannot be used" if name in os.environ else "is missing")


def refuse(name: str, *, state: str) -> NoReturn:
    expected = VARIABLES[name].expects
    sys.exit(f"{name} {state}: expected {expected}. The table is in docs/operations.md.")


def is_web_address(value: str) -> None:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path:
        raise ValidationError("not a web address")


def is_service_address(value: str) -> None:
    """With a path, unlike the address of a site."""
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValidationError("not the address of a service")


def is_mail_address(value: str) -> None:
    name, _at, host = value.rpartition("@")
    if value and (not name or not host or any(letter.isspace() for letter in value)):
        raise ValidationError("not a mail address")


def is_https(url: str) -> bool:
    return url.startswith("https://")


def is_loopback(host: str) -> bool:
    return host in {"localhost", "127.0.0.1", "::1"}


def is_redis_address(value: str) -> None:
    if urlsplit(value).scheme not in {"redis", "rediss", "unix"}:
        raise ValidationError("not a Redis address")
