"""What must hold of people, mail and the audit chain, recomputed from the rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from accounts.audit import find_breaks
from accounts.delivery import LEASE
from accounts.models import AuditEntry, Job, JobPart, Message, Unit

# What waits longer than this without any attempt shows that nothing works.
ALARM = timedelta(hours=2)


def broken_audit_chain(at: datetime) -> Iterator[str]:
    yield from find_breaks(AuditEntry.objects.order_by("number").iterator(chunk_size=2000))


def forgotten_mail(at: datetime) -> Iterator[str]:
    for message in Message.objects.filter(status="sending", lease_until__lt=at - 2 * LEASE):
        yield f"Mail {message.pk} is held by a sender that is gone."
    for message in Message.objects.filter(status="queued", attempts=0, due_at__lt=at - ALARM):
        yield f"Mail {message.pk} waits since {message.due_at:%Y-%m-%d %H:%M} without an attempt."


def forgotten_jobs(at: datetime) -> Iterator[str]:
    for job in Job.objects.filter(status="running", lease_until__lt=at - ALARM):
        yield f"Job {job.pk} lost its worker and nobody took it."
    for job in Job.objects.filter(status="waiting", asked_at__lt=at - ALARM):
        yield f"Job {job.pk} waits since {job.asked_at:%Y-%m-%d %H:%M}."
    for part in JobPart.objects.exclude(job__status__in=["waiting", "running"]):
        yield f"Part {part} is left of a job that is over."


def leftover_secrets(at: datetime) -> Iterator[str]:
    closed = Message.objects.filter(is_secret=True).exclude(status__in=["queued", "sending"])
    for message in closed.exclude(text="", html=""):
        yield f"Mail {message.pk} is closed and still carries its token."


def misplaced_units(at: datetime) -> Iterator[str]:
    for unit in Unit.objects.select_related("parent"):
        above = unit.parent.path if unit.parent else "/"
        if unit.path != f"{above}{unit.pk}/":
            yield f"Unit {unit.pk} lies at {unit.path!r}, not below {above!r}."


INVARIANTS = (
    broken_audit_chain,
    forgotten_mail,
    forgotten_jobs,
    leftover_secrets,
    misplaced_units,
)
