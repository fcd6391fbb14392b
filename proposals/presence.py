"""Who is writing what just now: a hint, kept in the cache alone for as long as it is news.

Two who save at the same instant may forget one of them until the next save: nobody decides by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache

from accounts.models import User

NEWS = timedelta(seconds=90)


@dataclass(frozen=True, slots=True)
class Writer:
    user_id: int
    name: str
    section: str
    seen_at: datetime


def note_writing(proposal_id: int, *, section: str, by: User, at: datetime) -> list[Writer]:
    """Remember that the person writes there; the others who do."""
    others = writers_of(proposal_id, besides=by, at=at)
    me = Writer(by.pk, by.full_name, section, at)
    known = {str(each.user_id): each for each in [*others, me]}
    cache.set(_key(proposal_id), known, timeout=NEWS.total_seconds())
    return [each for each in others if each.section == section]


def writers_of(proposal_id: int, *, besides: User, at: datetime) -> list[Writer]:
    known: Mapping[str, Writer] = cache.get(_key(proposal_id)) or {}
    return [
        each for each in known.values() if each.user_id != besides.pk and at - each.seen_at < NEWS
    ]


def _key(proposal_id: int) -> str:
    return f"writing:{proposal_id}"
