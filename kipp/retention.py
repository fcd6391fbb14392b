"""What is kept how long: the table of docs/operations.md, applied every night."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from accounts.models import KEPT, Import, Invitation, Job, Message

# What ran out today goes in the night; an invariant asks whether it went.
GRACE = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Rule:
    """`find` gives what is older than a moment; `end` wipes or removes it and counts."""

    what: str
    days: int
    find: Callable[[datetime], QuerySet[Any]]
    end: Callable[[QuerySet[Any]], int]


def apply_retention(*, at: datetime) -> int:
    return sum(rule.end(rule.find(at - timedelta(days=rule.days))) for rule in RULES)


def kept_too_long(at: datetime) -> Iterator[str]:
    for rule in RULES:
        count = rule.find(at - timedelta(days=rule.days) - GRACE).count()
        if count:
            yield f"{count} times kept longer than {rule.days} days: {rule.what}."


def _closed_mails(before: datetime) -> QuerySet[Message]:
    still_open = [Message.Status.QUEUED, Message.Status.SENDING]
    old = Message.objects.filter(created_at__lt=before).exclude(text="", html="")
    return old.exclude(status__in=still_open)


def _dead_invitations(before: datetime) -> QuerySet[Invitation]:
    return Invitation.objects.filter(accepted_at=None, expires_at__lt=before)


def _waiting_sheets(before: datetime) -> QuerySet[Import]:
    return Import.objects.filter(sent_at__lt=before).exclude(content=b"")


def _old_devices(before: datetime) -> QuerySet[UserSession]:
    devices: QuerySet[UserSession] = UserSession.objects.filter(last_seen_at__lt=before)
    return devices


def _dead_sessions(before: datetime) -> QuerySet[Session]:
    return Session.objects.filter(expire_date__lt=before)


def _fetched_results(before: datetime) -> QuerySet[Job]:
    return Job.objects.filter(finished_at__lt=before).exclude(sha256="")


def _old_jobs(before: datetime) -> QuerySet[Job]:
    return Job.objects.filter(finished_at__lt=before)


def _wipe_texts(mails: QuerySet[Message]) -> int:
    return mails.update(text="", html="")


def _wipe_sheets(sheets: QuerySet[Import]) -> int:
    return sheets.update(content=b"")


def _let_go(jobs: QuerySet[Job]) -> int:
    """The file itself goes with the nightly sweep, as everything that no row names."""
    return jobs.update(sha256="", size=0)


def _remove(rows: QuerySet[Any]) -> int:
    removed, _by_model = rows.delete()
    return removed


RULES = (
    Rule("texts of mails that went out or were given up", 180, _closed_mails, _wipe_texts),
    Rule("invitations that nobody accepted, after their end", 90, _dead_invitations, _remove),
    Rule("sheets of people that were sent in and not applied", 7, _waiting_sheets, _wipe_sheets),
    Rule("files that jobs have made", KEPT.days, _fetched_results, _let_go),
    Rule("jobs that are over", 90, _old_jobs, _remove),
    Rule("browsers and addresses of sessions, after the last visit", 60, _old_devices, _remove),
    Rule("sessions, after their end", 1, _dead_sessions, _remove),
)
