"""Sessions in the database that know when they end: the row says so, and Django forgets it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore


class SessionStore(DatabaseStore):
    """The name stays Django's: it salts what the row holds."""

    ends_at: datetime | None = None

    def _get_session_from_db(self) -> Any:
        row = super()._get_session_from_db()  # type: ignore[misc]  # the stubs do not know it
        self.ends_at = row.expire_date if row else None
        return row


def end_of(session: SessionBase | None) -> datetime | None:
    """When this person must log in again; None without a session that was stored before."""
    return session.ends_at if isinstance(session, SessionStore) else None


def seconds_left(session: SessionBase, *, at: datetime) -> int:
    ends_at = end_of(session)
    return max(0, int((ends_at - at).total_seconds())) if ends_at else 0
