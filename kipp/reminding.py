"""Which query answers for which audience: the only place that knows all of them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from accounts.models import Message, User
from competitions import reminders
from competitions.models import CommitteeSeat, Reminder, ReminderRule, Round, Workshop
from competitions.queries import invited_without_signup
from competitions.reminders import Obligation
from judging.models import Assignment
from judging.queries import judges_with_open_sheets
from proposals.queries.desk import waiting_count
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
    Round.Kind.SCREENING: lambda round_: waiting_count(round_.competition_id),
    Round.Kind.JUDGING: lambda round_: (
        Assignment.objects.owed().filter(entry__stage__round=round_).count()
    ),
}


def invited(round_: Round, *, among: Collection[User] | None = None) -> list[Obligation]:
    """Members of units that nobody was signed up for yet."""
    workshop = Workshop.objects.filter(round=round_).first()
    rows = invited_without_signup(workshop, at=round_.starts_at) if workshop else ()
    return [
        Obligation(row.user, row.unit.path, row.since, 1)
        for row in rows
        if among is None or row.user in among
    ]


def committee_of(round_: Round, *, among: Collection[User] | None = None) -> list[Obligation]:
    """Organizers and chairs, while the round lacks anything at all."""
    count = LACKING[round_.kind](round_) if round_.kind in LACKING else 0
    if not count:
        return []
    seats = CommitteeSeat.objects.exclude(role=CommitteeSeat.Role.AUDITOR).filter(
        competition=round_.competition_id, user__is_active=True
    )
    people = User.objects.filter(pk__in=seats.values("user"))
    if among is not None:
        people = people.filter(pk__in=[one.pk for one in among])
    return [Obligation(person, None, round_.starts_at, count) for person in people]


def chairs_of_judges(round_: Round, *, among: Collection[User] | None = None) -> list[Obligation]:
    """Chairs, while judges of the round owe scorecards: so many judges."""
    owing = judges_with_open_sheets(round_)
    if not owing:
        return []
    since = min(judge.since for judge in owing)
    judges = len({judge.recipient.pk for judge in owing})
    return [
        Obligation(chair, None, since, judges)
        for chair in chairs_of(round_.competition_id)
        if among is None or chair in among
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


def wanted_among(messages: Collection[Message]) -> set[int]:
    """Asked just before mails go out: whose readers are still here and still owe the thing."""
    here = {each.pk for each in messages if each.recipient is None or each.recipient.is_active}
    sent_as = (
        Reminder.objects.filter(message__in=here)
        .select_related("recipient", "rule__round__competition__host")
        .prefetch_related("rule__round__extensions__unit")
    )
    by_rule: dict[ReminderRule, list[Reminder]] = {}
    for reminder in sent_as:
        by_rule.setdefault(reminder.rule, []).append(reminder)
    done = {pk for rule, reminders_ in by_rule.items() for pk in _done(rule, reminders_)}
    return here - done


def _done(rule: ReminderRule, told: list[Reminder]) -> set[int]:
    """The mails of those who owe nothing by that end any more."""
    owed = AUDIENCES[rule.audience](rule.round, among=[one.recipient for one in told])
    open_ = {(one.recipient.pk, reminders.deadline_of(rule, one.unit_path)) for one in owed}
    return {one.message_id for one in told if (one.recipient_id, one.ends_at) not in open_}
