"""Which query answers for which audience: the only place that knows all of them."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Message, User
from competitions import reminders
from competitions.models import Reminder, ReminderRule, Round, Workshop
from competitions.queries import invited_without_signup
from competitions.reminders import Obligation
from judging.queries import judges_with_open_sheets
from proposals.queries.people import endorsers_with_queue, unfinished_authors

Audience = ReminderRule.Audience


def invited(round_: Round, *, recipient: User | None = None) -> list[Obligation]:
    """Members of units that nobody was signed up for yet."""
    workshop = Workshop.objects.filter(round=round_).first()
    rows = invited_without_signup(workshop, at=round_.starts_at) if workshop else ()
    return [
        Obligation(row.user, row.unit.path, row.since, 1)
        for row in rows
        if recipient is None or row.user == recipient
    ]


AUDIENCES: dict[str, reminders.AudienceQuery] = {
    Audience.INVITED: invited,
    Audience.AUTHORS: unfinished_authors,
    Audience.ENDORSERS: endorsers_with_queue,
    Audience.JUDGES: judges_with_open_sheets,
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
