"""Sessions in the database that know when they end: the row says so, and Django forgets it."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.backends.base import VALID_KEY_CHARS, SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import get_random_string

from kipp.lib.prepared import Prepared, given

LIVE = Prepared(
    lambda: Session.objects.filter(session_key=given("key"), expire_date__gt=given("at"))
)


class SessionStore(DatabaseStore):
    """The name stays Django's: it salts what the row holds."""

    ends_at: datetime | None = None

    def _get_new_session_key(self) -> str:
        """Django asks first whether it is taken; the table says so too, and `create` goes on."""
        return get_random_string(32, VALID_KEY_CHARS)

    def _get_session_from_db(self) -> Session | None:
        row = LIVE.first(key=self.session_key, at=timezone.now())
        self._session_key = row.session_key if row else None
        self.ends_at = row.expire_date if row else None
        return row


def end_of(session: SessionBase | None) -> datetime | None:
    """When this person must log in again; None without a session that was stored before."""
    return session.ends_at if isinstance(session, SessionStore) else None


def seconds_left(session: SessionBase, *, at: datetime) -> int:
    ends_at = end_of(session)
    return max(0, int((ends_at - at).total_seconds())) if ends_at else 0
