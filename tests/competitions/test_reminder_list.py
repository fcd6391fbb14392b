"""The page that says what goes out when, and what went out to whom."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from competitions.models import Reminder, ReminderRule, Round
from competitions.reminders import Obligation, plan_of, queue_reminder
from tests import make
from tests.competitions.world import World, move_to_now

pytestmark = pytest.mark.django_db


def remind(rule: ReminderRule, name: str = "Penulis") -> Reminder:
    owed = Obligation(make.user(name), None, make.NOON, 1)
    queue_reminder(rule, owed, lead=1440, ends_at=rule.round.ends_at, at=make.NOON)
    return Reminder.objects.get(recipient=owed.recipient)


@pytest.fixture
def rule(world: World) -> ReminderRule:
    return ReminderRule.objects.create(
        round=world.round, audience="authors", leads=[14400, 1440, 180]
    )


def test_plan_holds_what_is_still_to_come(world: World, rule: ReminderRule) -> None:
    at = world.round.ends_at - 2 * make.DAY
    later = make.round_(world.competition, Round.Kind.ENDORSEMENT, ends_at=at + make.DAY)
    ReminderRule.objects.create(round=later, audience="endorsers", leads=[180])
    ReminderRule.objects.create(
        round=make.round_(make.competition()), audience="authors", leads=[1]
    )

    plan = plan_of(world.competition, at=at)

    assert [(row.rule.audience, row.lead) for row in plan] == [
        ("endorsers", 180),
        ("authors", 1440),
        ("authors", 180),
    ]
    assert plan[1].due_at == world.round.ends_at - make.DAY


def test_invitation_counts_back_from_the_start(world: World) -> None:
    ReminderRule.objects.create(round=world.workshop.round, audience="invited", leads=[1440])
    starts_at = world.workshop.round.starts_at

    (row,) = plan_of(world.competition, at=starts_at - 2 * make.DAY)

    assert row.due_at == starts_at - make.DAY


def test_page_shows_plan_and_log(organizer: Client, world: World, rule: ReminderRule) -> None:
    move_to_now(world)
    rule.round.refresh_from_db()
    reminder = remind(rule, "Siti Aminah")
    reminder.message.status, reminder.message.sent_at = "sent", timezone.now()
    reminder.message.save()
    foreign = make.round_(make.competition())
    remind(ReminderRule.objects.create(round=foreign, audience="authors", leads=[1440]), "Orang")

    answer = organizer.get(world.url("reminder-list"))

    page = answer.content.decode()
    assert [row.lead for row in answer.context["plan"]] == [1440, 180]
    assert list(answer.context["page"]) == [reminder]
    assert "Siti Aminah" in page
    assert world.url("part-change", "pengingat", rule.pk) in page


def test_auditor_reads_and_cannot_edit(client: Client, world: World, rule: ReminderRule) -> None:
    move_to_now(world)
    client.force_login(world.people["auditor"])

    page = client.get(world.url("reminder-list")).content.decode()

    assert world.url("part-change", "pengingat", rule.pk) not in page


def test_log_is_paged_and_costs_the_same_at_any_length(
    organizer: Client,
    world: World,
    rule: ReminderRule,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    remind(rule)
    with django_assert_max_num_queries(12) as first:
        organizer.get(world.url("reminder-list"))
    for _ in range(29):
        remind(rule)

    with django_assert_max_num_queries(12) as many:
        answer = organizer.get(world.url("reminder-list"))

    assert len(many) == len(first)
    assert (len(answer.context["page"]), answer.context["page"].paginator.count) == (25, 30)
