"""The audit trail: one entry per move, in the move's own transaction, chained by hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

from django.db import connection, models, transaction

from accounts.models import AuditEntry, User

GENESIS = "0" * 64
# One chain: whoever appends holds this lock until the transaction ends.
CHAIN_LOCK = 0x4B495050
HEAD = """
SELECT pg_advisory_xact_lock(%s);
SELECT number, hash FROM accounts_auditentry ORDER BY number DESC LIMIT 1
"""
_gathered: ContextVar[list[AuditEntry] | None] = ContextVar("gathered", default=None)


def record(
    actor: User | None,
    action: str,
    subject: models.Model,
    *,
    at: datetime,
    reason: str = "",
    **data: object,
) -> AuditEntry:
    """Append what was done to `subject`. Call it as late as the transaction allows.

    `data` must be JSON: strings, numbers, lists and mappings of them.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An audit entry is written in the transaction of its move.")
    entry = AuditEntry(
        at=at,
        actor=actor,
        action=action,
        object_type=type_of(subject),
        object_id=str(subject.pk),
        reason=reason,
        data=data,
    )
    gathered = _gathered.get()
    if gathered is None:
        _append([entry])
    else:
        gathered.append(entry)
    return entry


@contextmanager
def gathering() -> Iterator[None]:
    """Append what is recorded inside at the end, in one go.

    For moves made of several moves: between the first entry and the last they take other locks and
    their time, and whoever holds the chain meanwhile stops everybody else. What fails inside must
    fail the whole.
    """
    if _gathered.get() is not None:
        yield
        return
    entries: list[AuditEntry] = []
    token = _gathered.set(entries)
    try:
        yield
    finally:
        _gathered.reset(token)
    _append(entries)


def _append(entries: list[AuditEntry]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(HEAD, [CHAIN_LOCK])
        number, previous_hash = cursor.fetchone() or (0, GENESIS)
    for entry in entries:
        number += 1
        entry.number, entry.previous_hash = number, previous_hash
        entry.hash = previous_hash = digest(entry)
    AuditEntry.objects.bulk_create(entries)


def type_of(subject: models.Model) -> str:
    """The word by which the trail names a kind of thing, e.g. `proposal`."""
    return str(subject._meta.model_name)


def trail_of(*subjects: models.Model) -> models.QuerySet[AuditEntry]:
    """Entries about these objects, oldest first. Show it only to who may see the objects."""
    ids: dict[str, list[str]] = {}
    for subject in subjects:
        ids.setdefault(type_of(subject), []).append(str(subject.pk))
    wanted = models.Q(pk=None)
    for object_type, object_ids in ids.items():
        wanted |= models.Q(object_type=object_type, object_id__in=object_ids)
    return AuditEntry.objects.filter(wanted).select_related("actor")


def digest(entry: AuditEntry) -> str:
    """SHA-256 over the canonical JSON of everything in the entry but its own hash."""
    content = {
        "number": entry.number,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": entry.actor_id,
        "action": entry.action,
        "object_type": entry.object_type,
        "object_id": entry.object_id,
        "reason": entry.reason,
        "data": entry.data,
        "previous_hash": entry.previous_hash,
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def find_breaks(entries: Iterable[AuditEntry]) -> list[str]:
    """Sentences that say where the chain does not hold; empty if it does.

    `entries` is the whole chain in order of `number`.
    """
    breaks = []
    expected, previous_hash = 1, GENESIS
    for entry in entries:
        if entry.number != expected:
            breaks.append(f"Entry {expected} is missing before entry {entry.number}.")
        if entry.previous_hash != previous_hash:
            breaks.append(f"Entry {entry.number} does not follow the entry before it.")
        if digest(entry) != entry.hash:
            breaks.append(f"Entry {entry.number} was changed after it was written.")
        expected, previous_hash = entry.number + 1, entry.hash
    return breaks
