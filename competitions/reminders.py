"""Reminders: computed from the rounds at the moment, written down once, re-checked when sent.

Nothing is planned ahead that a moved deadline would have to undo. A sweep asks who still owes
something, finds the shortest lead that is due for that person's own end, and writes one row. A
missed hour is caught up by the next sweep; older leads that were missed are skipped, because the
latest says the same with less time left.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from django.db import transaction
from django.db.models import Q
from django.utils.translation import override

from accounts.mail import NAME, addressed, promise, write_mail
from accounts.models import Message, User
from accounts.topics import Topic
from competitions import queries, timeline
from competitions.leads import show_lead
from competitions.models import Reminder, ReminderRule, Round
from competitions.placeholders import fill
from competitions.workflow import CompetitionStatus
from kipp.lib import clock

Audience = ReminderRule.Audience
# What a rule prescribes, whatever its readers chose.
PRESCRIBED: dict[str, Message.Channel] = {
    ReminderRule.Channel.PORTAL: Message.Channel.PORTAL,
    ReminderRule.Channel.HOOK: Message.Channel.HOOK,
}
# So many people are written to in one transaction, of a constant number of statements.
BATCH = 1000


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
class Due:
    """Whom a rule tells now: all that the person owes at one end, and the lead that has begun."""

    owed: Obligation
    lead: int
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class PlannedReminder:
    """When a rule speaks: to everybody, or to a unit (its name) whose end was moved."""

    rule: ReminderRule
    lead: int
    due_at: datetime
    ends_at: datetime
    unit: str = ""


class AudienceQuery(Protocol):
    """Who still owes something; with `among`, who of these people does."""

    def __call__(
        self, round_: Round, *, among: Collection[User] | None = None
    ) -> list[Obligation]: ...


def queue_due(audiences: Mapping[str, AudienceQuery], *, at: datetime) -> int:
    """Write every reminder that is due and not yet written; return how many were."""
    return sum(
        _queue_rule(rule, audiences[rule.audience], at=at)
        for rule in rules_in_reach(at)
        if rule.swept != progress_of(rule, at=at)
    )


def _queue_rule(rule: ReminderRule, query: AudienceQuery, *, at: datetime) -> int:
    due = due_of(rule, query(rule.round), at=at)
    starts = range(0, len(due), BATCH)
    written = sum(write_reminders(rule, due[start : start + BATCH], at=at) for start in starts)
    ReminderRule.objects.filter(pk=rule.pk).update(swept=progress_of(rule, at=at))
    return written


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


def progress_of(rule: ReminderRule, *, at: datetime) -> str:
    """Changes when a lead begins, when the plan or an end moves, and each hour for latecomers."""
    ends = sorted(ends_of(rule))
    begun = sum(end - timedelta(minutes=lead) <= at for end in ends for lead in rule.leads)
    hour = int(at.timestamp()) // 3600
    plan = (rule.audience, rule.leads, [end.timestamp() for end in ends], begun, hour)
    return hashlib.sha256(repr(plan).encode()).hexdigest()


def plan_of(rules: Iterable[ReminderRule]) -> list[PlannedReminder]:
    """All that the rules say by the ends in force now, past and to come, in their order."""
    planned = [
        PlannedReminder(rule, lead, ends_at - timedelta(minutes=lead), ends_at, unit)
        for rule in rules
        for ends_at, unit in ends_of(rule).items()
        for lead in rule.leads
    ]
    return sorted(planned, key=lambda row: (row.due_at, row.rule.pk, row.unit))


def ends_of(rule: ReminderRule) -> dict[datetime, str]:
    """The end for everybody (no name), and those of units that have more time."""
    ends = {deadline_of(rule, None): ""}
    for extension in rule.round.extensions.all():
        if extension.unit:
            ends.setdefault(deadline_of(rule, extension.unit.path), extension.unit.name)
    return ends


def deadline_of(rule: ReminderRule, unit_path: str | None) -> datetime:
    """The moment that the rule counts back from: a workshop's start, else the unit's own end."""
    if rule.audience == Audience.INVITED:
        return rule.round.starts_at
    return timeline.effective_end(rule.round.ends_at, queries.shifts_of(rule.round), unit_path)


def merge(
    rule: ReminderRule, obligations: Iterable[Obligation]
) -> list[tuple[Obligation, datetime]]:
    """One line per person and end; what a person owes in several units is added up."""
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
    return [(merged[key], key[1]) for key in sorted(merged)]


def due_of(rule: ReminderRule, obligations: Iterable[Obligation], *, at: datetime) -> list[Due]:
    found = []
    for owed, ends_at in merge(rule, obligations):
        lead = due_lead(rule.leads, ends_at=ends_at, since=owed.since, at=at)
        if lead is not None:
            found.append(Due(owed, lead, ends_at))
    return found


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
def write_reminders(rule: ReminderRule, due: Sequence[Due], *, at: datetime) -> int:
    """Write each reminder and its mail once, however many sweeps run; return how many are new."""
    people = [one.owed.recipient.pk for one in due]
    known = set(
        Reminder.objects.filter(rule=rule, recipient__in=people).values_list(
            "recipient", "lead", "ends_at"
        )
    )
    new = [one for one in due if (one.owed.recipient.pk, one.lead, one.ends_at) not in known]
    letters = write_letters(rule, new, at=at)
    promise(letters)
    keys = [letter.dedupe_key for letter in letters]
    written = dict(Message.objects.filter(dedupe_key__in=keys).values_list("dedupe_key", "pk"))
    Reminder.objects.bulk_create(
        [
            Reminder(
                rule=rule,
                recipient=one.owed.recipient,
                lead=one.lead,
                ends_at=one.ends_at,
                created_at=at,
                message_id=written[key],
            )
            for one, key in zip(new, keys, strict=True)
        ],
        ignore_conflicts=True,
    )
    return len(new)


def write_letters(rule: ReminderRule, due: Iterable[Due], *, at: datetime) -> list[Message]:
    """The mails as they go out: composed once for all to whom they say the same."""
    drafts: dict[tuple[str, int, int, datetime, Sequence[datetime]], Message] = {}
    letters = []
    for one in due:
        reader, earlier = one.owed.recipient, earlier_ends(rule, one.owed.unit_path)
        saying = (reader.language, one.owed.count, one.lead, one.ends_at, earlier)
        if saying not in drafts:
            drafts[saying] = _draft(rule, one, earlier=earlier, at=at)
        key = f"reminder:{rule.pk}:{reader.pk}:{one.lead}:{one.ends_at.timestamp():.0f}"
        letters.append(addressed(drafts[saying], reader, dedupe_key=key))
    return letters


def _draft(rule: ReminderRule, due: Due, *, earlier: Sequence[datetime], at: datetime) -> Message:
    """With a blank for the reader's name."""
    reader = User(full_name=NAME, language=due.owed.recipient.language)
    with override(reader.language):
        deadline = show_deadline(rule, due.ends_at, earlier=earlier)
        own = _own_words(rule, due, deadline=deadline) if rule.text else {}
    letter = write_mail(
        "reminder_own" if rule.text else f"reminder_{rule.audience}",
        reader,
        dedupe_key="",
        at=at,
        expires_at=due.ends_at,
        about=rule.round,
        context={
            "competition": rule.round.competition,
            "round": rule.round,
            "audience": rule.audience,
            "count": due.owed.count,
            "deadline": deadline,
            **own,
        },
    )
    if rule.channel == ReminderRule.Channel.REQUIRED:
        letter.topic = Topic.REQUIRED
    letter.channel = PRESCRIBED.get(rule.channel, Message.Channel.MAIL)
    return letter


def _own_words(rule: ReminderRule, due: Due, *, deadline: str) -> dict[str, str]:
    values = {
        "nama": NAME,
        "kompetisi": rule.round.competition.name,
        "tahapan": rule.round.name,
        "batas": deadline,
        "sisa": show_lead(due.lead),
        "jumlah": str(due.owed.count),
    }
    return {"own_subject": fill(rule.subject, values), "own_text": fill(rule.text, values)}


def earlier_ends(rule: ReminderRule, unit_path: str | None) -> tuple[datetime, ...]:
    """What the reader was told before an extension; a workshop's start is never extended."""
    if rule.audience == Audience.INVITED:
        return ()
    shifts = queries.shifts_of(rule.round)
    return timeline.earlier_ends(rule.round.ends_at, shifts, unit_path)


def show_deadline(rule: ReminderRule, ends_at: datetime, *, earlier: Sequence[datetime]) -> str:
    """As people read it: a workshop starts at its hour, a round ends with the minute before."""
    zone = rule.round.competition.time_zone
    if rule.audience == Audience.INVITED:
        return clock.show_moment(ends_at, zone=zone)
    shown = clock.show_end(ends_at, zone=zone)
    return f"{shown} ({queries.show_earlier(earlier, zone=zone)})" if earlier else shown
