"""The outbox, and the pulse of those who empty it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self
from urllib.parse import urlsplit

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.people import User
from accounts.topics import Topic

# Nobody leases, and nobody is left alone, for so long: then the clock was set back since.
NO_LEASE = timedelta(minutes=10)


class MessageQuerySet(models.QuerySet["Message"]):
    def due_at(self, at: datetime) -> Self:
        """What a sender may lease: waiting and due, or leased by one who did not come back.

        When the clock was set back, what was promised, leased or tried later than now is due as
        well.
        """
        ahead = Q(lease_until__gt=at + NO_LEASE)
        due = Q(due_at__lte=at) | Q(created_at__gt=at, attempts=0) | ahead
        over = Q(lease_until__lte=at) | ahead
        waiting, held = Q(status=Message.Status.QUEUED), Q(status=Message.Status.SENDING)
        return self.filter((waiting & due) | (held & over)).exclude(channel=Message.Channel.DAILY)

    def for_digest_at(self, at: datetime) -> Self:
        """What waits for its reader's daily mail."""
        return self.filter(
            status=Message.Status.QUEUED, due_at__lte=at, channel=Message.Channel.DAILY
        )

    def in_inbox_of(self, user: User) -> Self:
        """What was told, by whichever way: nothing that carries a token, nothing withheld."""
        told = Q(status__in=[Message.Status.SENT, Message.Status.FAILED])
        gathered = Q(status=Message.Status.QUEUED, channel=Message.Channel.DAILY)
        return self.filter(told | gathered, recipient=user, is_secret=False).exclude(
            topic=Topic.DIGEST
        )


class Message(models.Model):
    """A mail that was promised in the same transaction as the move that it tells of."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        EXPIRED = "expired", _("No longer useful")

    class Channel(models.TextChoices):
        MAIL = "mail", _("Mail")
        DAILY = "daily", _("Daily mail")
        PORTAL = "portal", _("Portal")
        CHAT = "chat", _("WhatsApp")
        HOOK = "hook", _("Webhook")

    class Reason(models.TextChoices):
        """Why it was not sent."""

        LATE = "late", _("its time had passed")
        DONE = "done", _("finished meanwhile")
        LEFT = "left", _("account closed")
        WITHDRAWN = "withdrawn", _("taken back")

    kind = models.CharField(max_length=60)
    dedupe_key = models.CharField(max_length=200, unique=True)
    recipient = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="mails"
    )
    to_email = models.EmailField()
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField(blank=True)
    # A mail with a token loses its text once it is out.
    is_secret = models.BooleanField(default=False)
    # What its reader may have otherwise; empty: required.
    topic = models.CharField(max_length=10, choices=Topic, blank=True)
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.MAIL)
    # The daily mail that it went out in.
    carried_by = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="carries"
    )
    reason = models.CharField(max_length=10, choices=Reason, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    object_type = models.CharField(max_length=40, blank=True)
    object_id = models.CharField(max_length=40, blank=True)
    # The competition that it belongs to. No key: competitions stand on a floor above.
    edition = models.PositiveBigIntegerField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    # Stays when an attempt has failed and the next one waits: it tells when that attempt was.
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="message_open",
                condition=Q(status__in=["queued", "sending"]),
            ),
            models.Index(fields=["object_type", "object_id"], name="message_object"),
            models.Index(fields=["edition", "-created_at"], name="message_edition"),
            models.Index(
                fields=["recipient"],
                name="message_unread",
                condition=Q(read_at=None, is_secret=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="sending") | Q(lease_until__isnull=False),
                name="message_lease_while_sending",
            ),
            models.CheckConstraint(
                condition=~Q(status="sent") | Q(sent_at__isnull=False),
                name="message_sent_at_when_sent",
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class Delivery(models.Model):
    """Whether mail goes out now: one row, held for an instant by whoever takes mails to send."""

    paused_at = models.DateTimeField(null=True, blank=True)
    # The mail server is left alone until then; it failed so many times on end.
    resume_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="delivery_one"),
        ]

    def __str__(self) -> str:
        return "paused" if self.paused_at else "on"

    def is_held_at(self, at: datetime) -> bool:
        rests = self.resume_at is not None and at < self.resume_at < at + NO_LEASE
        return self.paused_at is not None or rests


class Hook(models.Model):
    """The address of another system that takes the messages of a competition."""

    # No key: competitions stand on a floor above.
    edition = models.PositiveBigIntegerField(unique=True)
    url = models.URLField(_("Address"), max_length=500)
    secret = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.url

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc


class OuterHost(models.Model):
    """A machine of others that takes messages; left alone while it does not answer."""

    name = models.CharField(max_length=255, primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    rests_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Heartbeat(models.Model):
    """When a background process last showed that it consumes work, or a night's duty was done."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
