"""What an operator must know: a table of checks, each a question that answers with a sentence.

`/readyz` asks the quick ones and shows colours alone; `manage.py doctor` asks all and says what to
do. Only what no page can do without is red.
"""

from __future__ import annotations

import shutil
import socket
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

import redis
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from redis.backoff import NoBackoff
from redis.retry import Retry

from accounts.heartbeat import SILENCE, is_alive, last_beat
from accounts.models import Delivery, Job, Message
from competitions.models import Maintenance
from kipp.lib.files import STAGING, FilesAwayError, has_room, in_reach, local_folder
from proposals.queries.deadlines import database_now

LATE = timedelta(minutes=10)
# Between this machine's clock and the database's, which decides alone what was in time.
CLOCK_DRIFT = timedelta(seconds=2)
BACKUP_AGE = timedelta(hours=26)
# Seconds that another machine has for its answer.
PATIENCE = 1
SMTP = "django.core.mail.backends.smtp.EmailBackend"


class Color(StrEnum):
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Check:
    """`ask` answers with nothing when all is well, else with what is wrong and what to do."""

    name: str
    ask: Callable[[datetime], str]
    severity: Color
    is_quick: bool = True
    needs_database: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    name: str
    color: Color
    sentence: str = ""


def ask_database(at: datetime) -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        reason = str(error).strip().partition("\n")[0]
        return f"The database does not answer ({reason}): start PostgreSQL or mend DATABASE_URL."
    return ""


def ask_migrations(at: datetime) -> str:
    loader = MigrationLoader(connection)
    missing = sorted(set(loader.disk_migrations or ()) - set(loader.applied_migrations))
    if not missing:
        return ""
    first = ".".join(missing[0])
    return f"{len(missing)} migrations are missing, {first} first: run manage.py migrate."


def ask_media(at: datetime) -> str:
    folder = local_folder()
    return _ask_folder(folder) if folder else ""


def ask_bucket(at: datetime) -> str:
    if local_folder():
        return ""
    name = f"{STAGING}/doctor-{uuid.uuid4().hex}"
    try:
        with in_reach():
            default_storage.delete(default_storage.save(name, ContentFile(b"?")))
    except FilesAwayError as error:
        return f"The bucket takes no files ({error}): look at the S3_ variables and at the service."
    return ""


def ask_space(at: datetime) -> str:
    folder = local_folder()
    if folder is None or not folder.is_dir() or has_room(folder):
        return ""
    free = shutil.disk_usage(folder).free // 1024**2
    return f"{free} MB are free below {folder}, so uploads are refused: make room."


def ask_broker(at: datetime) -> str:
    client = redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=PATIENCE,
        socket_connect_timeout=PATIENCE,
        retry=Retry(NoBackoff(), 0),
    )
    try:
        with closing(client):
            client.ping()
    except redis.RedisError as error:
        return f"Redis does not answer ({error}): restart it; nothing in it needs saving."
    return ""


def ask_worker(at: datetime) -> str:
    if is_alive("worker", at=at):
        return ""
    minutes = int(SILENCE.total_seconds() // 60)
    return f"No worker has shown a sign of life for {minutes} minutes: restart worker and beat."


def ask_outbox(at: datetime) -> str:
    late = Message.objects.due_at(at).filter(due_at__lt=at - LATE).order_by("due_at")
    first = late.first()
    if first is None:
        return ""
    return (
        f"{late.count()} mails are late, the first since {first.due_at:%Y-%m-%d %H:%M} UTC"
        f" ({first.last_error or 'never tried'}): look at the worker and at the mail server."
    )


def ask_jobs(at: datetime) -> str:
    """The heavy worker may be gone while the other one shows its signs of life."""
    first = Job.objects.due_at(at).filter(asked_at__lt=at - LATE).order_by("asked_at").first()
    is_busy = Job.objects.filter(status=Job.Status.RUNNING, lease_until__gt=at).exists()
    if first is None or is_busy:
        return ""
    return (
        f"Long work waits since {first.asked_at:%Y-%m-%d %H:%M} UTC: start the worker of the queue"
        " heavy (kipp-heavy)."
    )


def ask_delivery(at: datetime) -> str:
    held = Delivery.objects.first()
    if held and held.paused_at:
        return f"Mail is paused since {held.paused_at:%Y-%m-%d %H:%M} UTC: manage.py mail resume."
    if held and held.is_held_at(at):
        return f"The mail server failed {held.failures} times on end and is left alone: look at it."
    if settings.MAIL_ONLY_TO:
        return f"All mail goes to {settings.MAIL_ONLY_TO}: unset MAIL_ONLY_TO on the live portal."
    return ""


def ask_clock(at: datetime) -> str:
    drift = abs(database_now() - at)
    if drift <= CLOCK_DRIFT:
        return ""
    return (
        f"This clock and the database's differ by {drift.total_seconds():.0f} s: set both by NTP."
    )


def ask_mail(at: datetime) -> str:
    if settings.EMAIL_BACKEND != SMTP:
        return ""
    address = settings.EMAIL_HOST, settings.EMAIL_PORT
    try:
        socket.create_connection(address, timeout=PATIENCE).close()
    except OSError as error:
        return (
            f"The mail server {address[0]}:{address[1]} cannot be reached ({error}): mend EMAIL_URL"
            " or start it, then try manage.py send_test_mail."
        )
    return ""


def ask_backup(at: datetime) -> str:
    made_at = last_beat("backup")
    if made_at is None:
        return "There is no backup: run manage.py backup --to FOLDER, and every night from now on."
    if at - made_at <= BACKUP_AGE:
        return ""
    return f"The last backup is of {made_at:%Y-%m-%d %H:%M} UTC: look why the nightly one failed."


def ask_maintenance(at: datetime) -> str:
    current = Maintenance.objects.filter(ended_at=None).first()
    if current is None:
        return ""
    return f"Closed since {current} UTC: manage.py maintenance off lets people in again."


CHECKS = (
    Check("database", ask_database, Color.RED, needs_database=False),
    Check("migrations", ask_migrations, Color.RED),
    Check("media", ask_media, Color.RED, needs_database=False),
    Check("bucket", ask_bucket, Color.RED, is_quick=False, needs_database=False),
    Check("space", ask_space, Color.YELLOW, needs_database=False),
    Check("broker", ask_broker, Color.YELLOW, needs_database=False),
    Check("worker", ask_worker, Color.YELLOW),
    Check("outbox", ask_outbox, Color.YELLOW),
    Check("jobs", ask_jobs, Color.YELLOW),
    Check("delivery", ask_delivery, Color.YELLOW),
    Check("clock", ask_clock, Color.YELLOW),
    Check("mail", ask_mail, Color.YELLOW, is_quick=False, needs_database=False),
    Check("backup", ask_backup, Color.YELLOW, is_quick=False),
    Check("maintenance", ask_maintenance, Color.YELLOW),
)
QUICK = tuple(check for check in CHECKS if check.is_quick)


def examine(checks: Iterable[Check], *, clock: Callable[[], datetime]) -> Iterator[Finding]:
    """The first check is the database's: without it, what asks the database is not known.

    The clock is read for each: a slow machine must not look like one with a wrong clock.
    """
    has_database = True
    for check in checks:
        if check.needs_database and not has_database:
            yield Finding(check.name, Color.UNKNOWN, "Not known without the database.")
            continue
        finding = _examine(check, clock())
        has_database &= check.name != "database" or finding.color == Color.GREEN
        yield finding


def worst(findings: Iterable[Finding]) -> Color:
    """Not knowing is as bad as yellow; what it hangs on is red already."""
    colors = {finding.color for finding in findings}
    if Color.RED in colors:
        return Color.RED
    return Color.GREEN if colors <= {Color.GREEN} else Color.YELLOW


def _examine(check: Check, at: datetime) -> Finding:
    try:
        sentence = check.ask(at)
    except DatabaseError as error:
        reason = str(error).strip().partition("\n")[0]
        return Finding(check.name, Color.UNKNOWN, f"The database refused the question: {reason}.")
    return Finding(check.name, check.severity if sentence else Color.GREEN, sentence)


def _ask_folder(folder: Path) -> str:
    probe = folder / STAGING / f"doctor-{uuid.uuid4().hex}"
    try:
        probe.parent.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"?")
        probe.unlink()
    except OSError as error:
        return f"No file can be written below {folder} ({error.strerror}): mend MEDIA_ROOT."
    return ""
