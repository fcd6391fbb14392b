"""Which query answers for which audience: the only place that knows all of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from accounts.models import Message, User
from competitions import reminders
from competitions.models import CommitteeSeat, Reminder, ReminderRule, Round, Workshop
from competitions.queries import invited_without_signup
from competitions.reminders import Obligation
from judging.models import Assignment
from judging.queries import judges_with_open_sheets
from proposals.queries.desk import waiting_in
from proposals.queries.people import (
    chairs_of,
    endorsers_with_queue,
    queued_in,
    superiors_of_authors,
    unfinished_authors,
    unfinished_in,
)

Audience = ReminderRule.Audience
# What a round still lacks, as the committee's own pages count it.
LACKING: dict[str, Callable[[Round], int]] = {
    Round.Kind.WORKSHOP: lambda round_: len(invited(round_)),
    Round.Kind.SUBMISSION: lambda round_: unfinished_in(round_.competition).count(),
    Round.Kind.ENDORSEMENT: lambda round_: queued_in(round_.competition).count(),
    Round.Kind.SCREENING: lambda round_: waiting_in(round_.competition_id).count(),
    Round.Kind.JUDGING: lambda round_: (
        Assignment.objects.owed().filter(entry__stage__round=round_).count()
    ),
}


def invited(round_: Round, *, recipient: User | None = None) -> list[Obligation]:
    """Members of units that nobody was signed up for yet."""
    workshop = Workshop.objects.filter(round=round_).first()
    rows = invited_without_signup(workshop, at=round_.starts_at) if workshop else ()
    return [
        Obligation(row.user, row.unit.path, row.since, 1)
        for row in rows
        if recipient is None or row.user == recipient
    ]


def committee_of(round_: Round, *, recipient: User | None = None) -> list[Obligation]:
    """Organizers and chairs, while the round lacks anything at all."""
    count = LACKING[round_.kind](round_) if round_.kind in LACKING else 0
    if not count:
        return []
    seats = CommitteeSeat.objects.exclude(role=CommitteeSeat.Role.AUDITOR).filter(
        competition=round_.competition_id, user__is_active=True
    )
    people = User.objects.filter(pk__in=seats.values("user"))
    if recipient is not None:
        people = people.filter(pk=recipient.pk)
    return [Obligation(person, None, round_.starts_at, count) for person in people]


def chairs_of_judges(round_: Round, *, recipient: User | None = None) -> list[Obligation]:
    """Chairs, while judges of the round owe scorecards: so many judges."""
    owing = judges_with_open_sheets(round_)
    if not owing:
        return []
    since = min(judge.since for judge in owing)
    judges = len({judge.recipient.pk for judge in owing})
    return [
        Obligation(chair, None, since, judges)
        for chair in chairs_of(round_.competition_id)
        if recipient is None or chair == recipient
    ]


AUDIENCES: dict[str, reminders.AudienceQuery] = {
    Audience.INVITED: invited,
    Audience.AUTHORS: unfinished_authors,
    Audience.ENDORSERS: endorsers_with_queue,
    Audience.JUDGES: judges_with_open_sheets,
    Audience.COMMITTEE: committee_of,
    Audience.SUPERIORS: superiors_of_authors,
    Audience.CHAIRS: chairs_of_judges,
}


def queue_due_reminders(*, at: datetime) -> int:
    return reminders.queue_due(AUDIENCES, at=at)


def is_still_wanted(message: Message) -> bool:
    """Asked just before a mail goes out: the person is still here and still owes the thing."""
    if message.recipient and not message.recipient.is_active:
        return False
    reminder = Reminder.objects.filter(message=message).select_related("rule__round").first()
    if reminder is None:
        return True
    rule = reminder.rule
    owed = AUDIENCES[rule.audience](rule.round, recipient=reminder.recipient)
    return any(reminders.deadline_of(rule, one.unit_path) == reminder.ends_at for one in owed)
