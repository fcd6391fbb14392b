from __future__ import annotations

from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from accounts.delivery import deliver_due
from accounts.models import Membership, Message, User
from competitions.models import Extension, Reminder, ReminderRule, Round
from kipp.reminding import chairs_of_judges, queue_due_reminders, wanted_among
from proposals.queries.board import funnel_of
from proposals.queries.people import superiors_of_authors
from proposals.workflow import ProposalStatus
from tests import make
from tests.background.conftest import Sink

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CLOSE = make.NOON + 10 * DAY
LEADS = [14400, 4320, 1440, 180]


class World:
    """A competition whose submission closes in ten days, and an author who owes a proposal."""

    def __init__(self) -> None:
        self.host = make.unit(level="government")
        self.competition = make.competition(host=self.host)
        self.round = make.round_(self.competition, ends_at=CLOSE)
        self.rule = ReminderRule.objects.create(round=self.round, audience="authors", leads=LEADS)
        self.unit = make.unit(parent=self.host)
        self.author = make.user("Ibu Rina")
        make.membership(self.author, self.unit)

    def told(self) -> list[tuple[User, int]]:
        return [(each.recipient, each.lead) for each in Reminder.objects.order_by("pk")]


@pytest.fixture
def world() -> World:
    return World()


def sweep(at: datetime) -> int:
    return queue_due_reminders(at=at)


def deliver(at: datetime) -> int:
    return deliver_due(clock=lambda: at, wanted_among=wanted_among)


def test_sweep_tells_at_each_lead_once(world: World) -> None:
    moments = [CLOSE - 10 * DAY, CLOSE - 9 * DAY, CLOSE - 3 * DAY, CLOSE - DAY, CLOSE - 3 * HOUR]

    counts = [(sweep(at), sweep(at)) for at in moments]

    assert counts == [(1, 0), (0, 0), (1, 0), (1, 0), (1, 0)]
    assert world.told() == [(world.author, lead) for lead in LEADS]


def test_sweep_after_an_outage_sends_the_latest_only(world: World) -> None:
    sweep(CLOSE - 20 * HOUR)

    assert world.told() == [(world.author, 1440)]


def test_sweep_says_nothing_once_the_round_is_over(world: World) -> None:
    assert [sweep(CLOSE), sweep(CLOSE + DAY)] == [0, 0]


def test_sweep_does_not_remind_of_a_lead_before_the_person_owed_anything(world: World) -> None:
    newcomer = make.user()
    Membership.objects.create(
        user=newcomer, unit=world.unit, role="author", started_at=CLOSE - 2 * DAY
    )
    sent = make.proposal(world.unit, make.track(world.competition))
    type(sent).objects.filter(pk=sent.pk).update(held_since=CLOSE - 2 * DAY)

    assert sweep(CLOSE - 2 * DAY + HOUR) == 0
    assert sweep(CLOSE - DAY) == 2


def test_sweep_follows_a_moved_deadline(world: World) -> None:
    sweep(CLOSE - DAY)
    Round.objects.filter(pk=world.round.pk).update(ends_at=CLOSE + 4 * DAY)

    told = [sweep(CLOSE - DAY + HOUR), sweep(CLOSE + 3 * DAY)]

    assert told == [1, 1]
    assert [lead for _person, lead in world.told()] == [1440, 14400, 1440]


def test_sweep_counts_from_the_units_own_extension(world: World) -> None:
    other = make.unit(parent=world.host)
    make.membership(late := make.user(), other)
    Extension.objects.create(
        round=world.round,
        unit=other,
        old_ends_at=CLOSE,
        new_ends_at=CLOSE + 2 * DAY,
        reason="Banjir",
        letter_number="1",
        granted_by=late,
        granted_at=make.NOON,
    )

    sweep(CLOSE - DAY)

    assert sorted(world.told(), key=lambda row: row[1]) == [(world.author, 1440), (late, 4320)]


def test_sweep_with_nothing_new_asks_nobody(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    sweep(CLOSE - DAY)

    with django_assert_max_num_queries(3):
        sweep(CLOSE - DAY + timedelta(minutes=1))


def test_sweep_finds_who_came_late_within_an_hour(world: World) -> None:
    sweep(CLOSE - DAY)
    make.membership(latecomer := make.user(), world.unit)

    told = [sweep(CLOSE - DAY + timedelta(minutes=1)), sweep(CLOSE - DAY + HOUR)]

    assert told == [0, 1]
    assert world.told()[-1] == (latecomer, 1440)


def test_sweep_costs_the_same_for_one_and_for_many(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(20):
        make.membership(make.user(), world.unit)

    with django_assert_max_num_queries(14):
        assert sweep(CLOSE - DAY) == 21


def test_committee_reads_what_the_round_lacks(world: World) -> None:
    chair, auditor = make.user(), make.user()
    make.seat(chair, world.competition, "chair")
    make.seat(auditor, world.competition, "auditor")
    proposal = make.proposal(world.unit, make.track(world.competition))
    ReminderRule.objects.create(round=world.round, audience="committee", leads=[1440, 180])

    sweep(CLOSE - DAY)
    type(proposal).objects.update(status="submitted", submitted_at=CLOSE - DAY)
    sweep(CLOSE - 3 * HOUR)

    assert world.told() == [(world.author, 1440), (chair, 1440)]
    mail = Message.objects.get(kind="reminder_committee")
    assert (mail.recipient, funnel_of(world.competition).unfinished) == (chair, 0)


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_write_one_reminder() -> None:
    world, barrier = World(), Barrier(2)

    def run() -> None:
        barrier.wait()
        sweep(CLOSE - DAY)
        connections.close_all()

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert world.told() == [(world.author, 1440)]


def test_mail_is_not_sent_to_who_finished_meanwhile(world: World, sink: Sink) -> None:
    proposal = make.proposal(world.unit, make.track(world.competition))
    sweep(CLOSE - DAY)
    type(proposal).objects.filter(pk=proposal.pk).update(
        status="submitted", submitted_at=CLOSE - DAY
    )

    assert (deliver(CLOSE - DAY + HOUR), sink.mails) == (0, [])


def test_each_further_mail_of_a_batch_costs_two_statements(world: World, sink: Sink) -> None:
    """Its lease is renewed and it is marked; whether its reader still owes is asked for all."""
    costs = []
    for more, at in ((2, CLOSE - 10 * DAY), (6, CLOSE - 3 * DAY)):
        for _number in range(more):
            make.membership(make.user(), world.unit)
        sweep(at)
        with CaptureQueriesContext(connection) as asked:
            sent = deliver(at)
        costs.append((sent, len(asked)))

    (few, little), (many, more) = costs
    assert (few, many) == (3, 9)
    assert more - little == 2 * (many - few)


def test_mail_says_what_to_do_and_until_when(world: World, sink: Sink) -> None:
    sweep(CLOSE - DAY)

    deliver(CLOSE - DAY)

    [mail] = sink.mails
    assert mail["To"] == world.author.email
    assert world.competition.name in mail["Subject"]
    assert "WIB" in mail.as_string()


def test_mail_is_dropped_after_its_deadline(world: World, sink: Sink) -> None:
    sweep(CLOSE - 3 * HOUR)

    assert (deliver(CLOSE), sink.mails) == (0, [])


def test_agency_is_asked_for_each_unit_that_has_not_sent(world: World) -> None:
    agency = make.unit(parent=world.host)
    make.membership(head := make.user("Kepala"), agency, "endorser")
    for name in ("Puskesmas A", "Puskesmas B", "Puskesmas C"):
        make.membership(make.user(), make.unit(name, parent=agency))
    sent = make.proposal(agency.children.get(name="Puskesmas C"), make.track(world.competition))
    type(sent).objects.filter(pk=sent.pk).update(status=ProposalStatus.AWAITING)
    draft = make.proposal(agency.children.get(name="Puskesmas B"), sent.track)
    type(draft).objects.filter(pk=draft.pk).update(held_since=CLOSE - 5 * DAY)
    ReminderRule.objects.create(round=world.round, audience="superiors", leads=[1440])

    found = superiors_of_authors(world.round)

    units = [(each.recipient, each.unit_path, each.count) for each in found]
    assert sorted(units, key=str) == [
        (head, agency.children.get(name=name).path, 1) for name in ("Puskesmas A", "Puskesmas B")
    ]
    assert superiors_of_authors(world.round, among=[head]) == found
    assert superiors_of_authors(world.round, among=[world.author]) == []
    sweep(CLOSE - DAY)
    letter = Message.objects.get(kind="reminder_superiors")
    assert (letter.recipient, "2 unit" in letter.subject) == (head, True)


def test_chairs_are_told_how_many_judges_owe_sheets(world: World) -> None:
    stage = make.stage(world.competition, status="open")
    entry = make.entry(stage, make.submission(world.unit, make.track(world.competition)))
    for _number in range(2):
        judge = make.panelist(stage, status="accepted")
        make.assignment(entry, judge)
    make.seat(chair := make.user("Ketua"), world.competition, "chair")
    make.seat(make.user(), world.competition, "organizer")

    found = chairs_of_judges(stage.round)

    assert [(each.recipient, each.count) for each in found] == [(chair, 2)]
