"""The page that says what goes out when, and what went out to whom."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from competitions import queries
from competitions.models import Extension, Reminder, ReminderRule, Round
from competitions.month_sheets import months_of
from competitions.reminders import Due, Obligation, PlannedReminder, plan_of, write_reminders
from tests import make
from tests.competitions.world import World, move_to_now

pytestmark = pytest.mark.django_db


def remind(rule: ReminderRule, name: str = "Penulis") -> Reminder:
    owed = Obligation(make.user(name), None, make.NOON, 1)
    write_reminders(rule, [Due(owed, 1440, rule.round.ends_at)], at=make.NOON)
    return Reminder.objects.get(recipient=owed.recipient)


def plan(world: World) -> list[PlannedReminder]:
    return plan_of(queries.rules_of(world.competition))


@pytest.fixture
def rule(world: World) -> ReminderRule:
    return ReminderRule.objects.create(
        round=world.round, audience="authors", leads=[14400, 1440, 180]
    )


def test_plan_holds_all_that_this_competition_says(world: World, rule: ReminderRule) -> None:
    ends_at = world.round.ends_at - make.DAY
    later = make.round_(world.competition, Round.Kind.ENDORSEMENT, ends_at=ends_at)
    ReminderRule.objects.create(round=later, audience="endorsers", leads=[180])
    ReminderRule.objects.create(
        round=make.round_(make.competition()), audience="authors", leads=[1]
    )

    found = plan(world)

    assert [(row.rule.audience, row.lead) for row in found] == [
        ("authors", 14400),
        ("endorsers", 180),
        ("authors", 1440),
        ("authors", 180),
    ]
    assert found[2].due_at == world.round.ends_at - make.DAY


def test_plan_names_the_unit_that_has_more_time(world: World, rule: ReminderRule) -> None:
    Extension.objects.create(
        round=world.round,
        unit=world.agency,
        old_ends_at=world.round.ends_at,
        new_ends_at=world.round.ends_at + make.DAY,
        reason="Banjir",
        letter_number="1",
        granted_by=world.people["chair"],
        granted_at=make.NOON,
    )

    found = [(row.unit, row.lead) for row in plan(world)]

    assert found == [
        ("", 14400),
        ("Dinas Kesehatan", 14400),
        ("", 1440),
        ("", 180),
        ("Dinas Kesehatan", 1440),
        ("Dinas Kesehatan", 180),
    ]


def test_invitation_counts_back_from_the_start(world: World) -> None:
    ReminderRule.objects.create(round=world.workshop.round, audience="invited", leads=[1440])
    starts_at = world.workshop.round.starts_at

    (row,) = plan(world)

    assert row.due_at == starts_at - make.DAY


def test_month_begins_on_monday_and_shows_no_neighbours_entries() -> None:
    first, second = months_of([(date(2026, 4, 1), "b"), (date(2026, 3, 2), "a")])

    assert (first.first, second.first) == (date(2026, 3, 1), date(2026, 4, 1))
    assert (first.days[0].day, first.days[0].is_inside) == (date(2026, 2, 23), False)
    assert [day.entries for day in first.days if day.entries] == [("a",)]
    assert [day.entries for day in second.days if day.entries] == [("b",)]


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
    months = answer.context["months"]
    entries = [entry for month in months for day in month.days for entry in day.entries]
    assert [(e["row"].lead, e["is_past"]) for e in entries] == [
        (14400, True),
        (1440, False),
        (180, False),
    ]
    assert answer.context["upcoming"].lead == 1440
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
