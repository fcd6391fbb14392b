"""Which mails a person may have otherwise: what is not in the table is required.

Required is what decides about somebody's work or guards an account. Kinds are named by their
templates, also those of the floors above.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

from kipp.lib.clock import local_moment


class Topic(models.TextChoices):
    REQUIRED = "", _("Required")
    DEADLINES = "deadlines", _("Reminders of deadlines and of open work")
    PROGRESS = "progress", _("News of what others did")
    # Of the mail that holds all others of a day.
    DIGEST = "digest", _("The daily mail")


class Way(models.TextChoices):
    NOW = "now", _("By mail, at once")
    DAILY = "daily", _("By mail, all together once a day")
    PORTAL = "portal", _("In the portal only")
    CHAT = "chat", _("By WhatsApp, at once")


TOPICS = MappingProxyType(
    {
        "digest": Topic.DIGEST,
        "reminder_authors": Topic.DEADLINES,
        "reminder_chairs": Topic.DEADLINES,
        "reminder_committee": Topic.DEADLINES,
        "reminder_endorsers": Topic.DEADLINES,
        "reminder_invited": Topic.DEADLINES,
        "reminder_judges": Topic.DEADLINES,
        "reminder_own": Topic.DEADLINES,
        "reminder_superiors": Topic.DEADLINES,
        "judging_sheets_open": Topic.DEADLINES,
        "proposal_chased": Topic.DEADLINES,
        "proposal_silent": Topic.DEADLINES,
        "judging_readings_added": Topic.PROGRESS,
        "proposal_sent": Topic.PROGRESS,
        "proposal_withdrawn": Topic.PROGRESS,
        "screening_differs": Topic.PROGRESS,
    }
)
# What always comes, in the words of the page on which the rest is chosen.
REQUIRED = (
    _("Sign-in, password and security of the account"),
    _("Invitations, seats and deputies"),
    _("Receipts and decisions on a proposal: received, returned, passed, failed, results"),
    _("Moved deadlines, and reminders that the committee marks as required"),
)


def topic_of(kind: str) -> Topic:
    return TOPICS.get(kind, Topic.REQUIRED)


def next_digest(at: datetime, *, hour: int, zone: str) -> datetime:
    """The next moment at which this hour strikes there."""
    today = at.astimezone(ZoneInfo(zone)).date()
    moment = local_moment(today, time(hour), zone=zone)
    return moment if moment > at else local_moment(today + timedelta(days=1), time(hour), zone=zone)
