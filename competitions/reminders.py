"""Reminders: computed from the rounds at the moment, written down once, re-checked when sent.

Nothing is planned ahead that a moved deadline would have to undo. A sweep asks who still owes
something, finds the shortest lead that is due for that person's own end, and writes one row. A
missed hour is caught up by the next sweep; older leads that were missed are skipped, because the
latest says the same with less time left.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from django.db import transaction
from django.db.models import Q

from accounts.mail import send_later
from accounts.models import User
from competitions import queries, timeline
from competitions.models import Competition, Reminder, ReminderRule, Round
from competitions.workflow import CompetitionStatus
from kipp.lib import clock

Audience = ReminderRule.Audience
DEFAULT_LEADS = (14400, 4320, 1440, 180)  # 10, 3 and 1 days and 3 hours, in minutes


@dataclass(frozen=True, slots=True)
class Obligation:
    """What a person still owes in a round: `count` things, the oldest of them since `since`.

    `unit_path` decides which extension applies; it is None for who stands outside the units.
    """

    recipient: User
    unit_path: str | None
    since: datetime
    count: int


@dataclass(frozen=True, slots=True)
class PlannedReminder:
    """When a rule speaks next, by the end for everybody; an extension for one unit comes later."""

    rule: ReminderRule
    lead: int
    due_at: datetime


class AudienceQuery(Protocol):
    """Who still owes something; with `recipient`, whether this person does."""

    def __call__(self, round_: Round, *, recipient: User | None = None) -> list[Obligation]: ...


def queue_due(audiences: Mapping[str, AudienceQuery], *, at: datetime) -> int:
    """Write every reminder that is due and not yet written; return how many were."""
    return sum(
        queue_reminder(rule, obligation, lead=lead, ends_at=ends_at, at=at)
        for rule in rules_in_reach(at)
        for obligation, lead, ends_at in due_of(rule, audiences[rule.audience](rule.round), at=at)
    )


def rules_in_reach(at: datetime) -> list[ReminderRule]:
    """Rules of published competitions whose longest lead has begun and whose end has not passed."""
    rules = (
        ReminderRule.objects.filter(round__competition__status=CompetitionStatus.PUBLISHED)
        .filter(Q(round__ends_at__gt=at) | Q(round__extensions__new_ends_at__gt=at))
        .select_related("round__competition")
        .prefetch_related("round__extensions__unit")
        .distinct()
    )
    return [
        rule
        for rule in rules
        if rule.leads and deadline_of(rule, None) - timedelta(minutes=max(rule.leads)) <= at
    ]


def plan_of(competition: Competition, *, at: datetime) -> list[PlannedReminder]:
    """What is still to go out, the next one first."""
    rules = ReminderRule.objects.filter(round__competition=competition)
    planned = [
        PlannedReminder(rule, lead, deadline_of(rule, None) - timedelta(minutes=lead))
        for rule in rules.select_related("round").prefetch_related("round__extensions__unit")
        for lead in rule.leads
    ]
    ahead = [row for row in planned if row.due_at > at]
    return sorted(ahead, key=lambda row: (row.due_at, row.rule.pk))


def deadline_of(rule: ReminderRule, unit_path: str | None) -> datetime:
    """The moment that the rule counts back from: a workshop's start, else the unit's own end."""
    if rule.audience == Audience.INVITED:
        return rule.round.starts_at
    return timeline.effective_end(rule.round.ends_at, queries.shifts_of(rule.round), unit_path)


def due_of(
    rule: ReminderRule, obligations: Iterable[Obligation], *, at: datetime
) -> list[tuple[Obligation, int, datetime]]:
    """One line per person and end, with the lead that is due; people with several units merged."""
    merged: dict[tuple[int, datetime], Obligation] = {}
    for owed in obligations:
        key = (owed.recipient.pk, deadline_of(rule, owed.unit_path))
        known = merged.get(key)
        merged[key] = Obligation(
            recipient=owed.recipient,
            unit_path=owed.unit_path,
            since=min(owed.since, known.since) if known else owed.since,
            count=owed.count + (known.count if known else 0),
        )
    due = []
    for (_person, ends_at), owed in merged.items():
        lead = due_lead(rule.leads, ends_at=ends_at, since=owed.since, at=at)
        if lead is not None:
            due.append((owed, lead, ends_at))
    return due


def due_lead(
    leads: Iterable[int], *, ends_at: datetime, since: datetime, at: datetime
) -> int | None:
    """The shortest lead (minutes) that has begun, unless the end has passed.

    A lead that began before the person owed anything is not made up for: whoever starts a draft
    two days before the close is not told at once that three days are left.
    """
    if at >= ends_at:
        return None
    begun = [lead for lead in leads if ends_at - timedelta(minutes=lead) <= at]
    if not begun:
        return None
    shortest = min(begun)
    return shortest if since <= ends_at - timedelta(minutes=shortest) else None


@transaction.atomic
def queue_reminder(
    rule: ReminderRule, owed: Obligation, *, lead: int, ends_at: datetime, at: datetime
) -> int:
    """Write the reminder and its mail once, however many sweeps run; 1 if it is new."""
    known = {"rule": rule, "recipient": owed.recipient, "lead": lead, "ends_at": ends_at}
    if Reminder.objects.filter(**known).exists():
        return 0
    message = send_later(
        f"reminder_{rule.audience}",
        owed.recipient,
        dedupe_key=f"reminder:{rule.pk}:{owed.recipient.pk}:{lead}:{ends_at.timestamp():.0f}",
        at=at,
        expires_at=ends_at,
        about=rule.round,
        context={
            "competition": rule.round.competition,
            "count": owed.count,
            "deadline": show_deadline(rule, ends_at),
        },
    )
    _reminder, is_new = Reminder.objects.get_or_create(
        **known, defaults={"created_at": at, "message": message}
    )
    return int(is_new)


def show_deadline(rule: ReminderRule, ends_at: datetime) -> str:
    """As people read it: a workshop starts at its hour, a round ends with the minute before."""
    zone = rule.round.competition.time_zone
    if rule.audience == Audience.INVITED:
        return clock.show_moment(ends_at, zone=zone)
    return clock.show_end(ends_at, zone=zone)
