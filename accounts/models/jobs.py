"""Long work that somebody asked for: a worker does it, its owner fetches what it made."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.outbox import NO_LEASE
from accounts.models.people import User

# How long a result can be fetched.
KEPT = timedelta(days=7)


class JobQuerySet(models.QuerySet["Job"]):
    def of(self, owner: User) -> Self:
        """Nobody else learns that the job exists."""
        return self.filter(owner=owner)

    def open(self) -> Self:
        return self.filter(status__in=[Job.Status.WAITING, Job.Status.RUNNING])

    def due_at(self, at: datetime) -> Self:
        """What a worker may take: waiting, or left by one that did not come back."""
        over = Q(lease_until__lte=at) | Q(lease_until__gt=at + NO_LEASE)
        left = Q(status=Job.Status.RUNNING) & over
        return self.filter(Q(status=Job.Status.WAITING) | left)


class Job(models.Model):
    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Being made")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    # A line of the table of kinds, which stands on the uppermost floor.
    kind = models.CharField(max_length=30)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="jobs")
    # The competition that it belongs to. No key: competitions stand on a floor above.
    edition = models.PositiveBigIntegerField(null=True)
    # Numbers of the rows and choices that the work is asked with; for people, in words: `about`.
    subject = models.JSONField(default=dict)
    about = models.CharField(max_length=200)
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    # What is to be made, one after the other: drawn up once, so that a second worker goes on with
    # the same list.
    plan = models.JSONField(null=True)
    asked_at = models.DateTimeField()
    cancel_asked_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    # Whoever works renews it all the time; when it has passed, the worker is gone.
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    # What came of it besides a file, for instance the number of a draft.
    outcome = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    file_name = models.CharField(max_length=200, blank=True)
    media_type = models.CharField(max_length=100, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        indexes = [
            models.Index(
                fields=["asked_at"],
                name="job_open",
                condition=Q(status__in=["waiting", "running"]),
            ),
        ]
        constraints = [
            # A double click, a second tab: the same job.
            models.UniqueConstraint(
                fields=["owner", "kind", "subject"],
                name="job_once",
                condition=Q(status__in=["waiting", "running"]),
            ),
            models.CheckConstraint(
                condition=~Q(status="running") | Q(lease_until__isnull=False),
                name="job_lease_while_running",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["waiting", "running"], finished_at=None)
                | Q(status__in=["done", "failed", "cancelled"], finished_at__isnull=False),
                name="job_finished_when_closed",
            ),
            models.CheckConstraint(
                condition=~Q(status="failed") | ~Q(error=""),
                name="job_failed_with_a_sentence",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.about}"

    @property
    def is_open(self) -> bool:
        return self.status in {self.Status.WAITING, self.Status.RUNNING}

    @property
    def expires_at(self) -> datetime | None:
        return self.finished_at + KEPT if self.finished_at else None

    def has_file_at(self, at: datetime) -> bool:
        return bool(self.sha256 and self.expires_at and at < self.expires_at)


class JobPart(models.Model):
    """A stored piece of unfinished work: after a killed worker the next one goes on behind it."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["job", "number"], name="job_part_once"),
        ]

    def __str__(self) -> str:
        return f"{self.job_id}/{self.number}"
