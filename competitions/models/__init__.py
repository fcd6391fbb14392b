from __future__ import annotations

from competitions.models.competition import (
    Announcement,
    Category,
    CommitteeSeat,
    Competition,
    CompetitionQuerySet,
    FeedbackScores,
    ObjectionReason,
    Tier,
)
from competitions.models.forms import AttachmentSlot, EligibilityRule, Section, Track
from competitions.models.maintenance import Maintenance
from competitions.models.rounds import Extension, Reminder, ReminderRule, Round
from competitions.models.stamp import PublicStamp
from competitions.models.workshop import Attendee, Material, Workshop

__all__ = [
    "Announcement",
    "AttachmentSlot",
    "Attendee",
    "Category",
    "CommitteeSeat",
    "Competition",
    "CompetitionQuerySet",
    "EligibilityRule",
    "Extension",
    "FeedbackScores",
    "Maintenance",
    "Material",
    "ObjectionReason",
    "PublicStamp",
    "Reminder",
    "ReminderRule",
    "Round",
    "Section",
    "Tier",
    "Track",
    "Workshop",
]
