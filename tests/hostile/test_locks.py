"""Pairs of moves that hold what the other one wants: both end, and nobody meets a deadlock."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from accounts import services as accounts
from accounts.audit import find_breaks
from accounts.models import AuditEntry, Membership
from competitions.models import Announcement, Round
from competitions.services import announce, change_part
from judging import services as judging
from judging.models import Addendum
from proposals import services as proposals
from proposals.models import Proposal, TeamMember
from tests import make
from tests.judging.field import city, closed
from tests.proposals.scene import city_scene

pytestmark = pytest.mark.django_db(transaction=True)


def race(*verbs: Callable[[], object], times: int = 6) -> list[str]:
    """Run all at once, again and again; the refusals other than a plain rule's."""
    faults: list[str] = []
    barrier = threading.Barrier(len(verbs))

    def run(verb: Callable[[], object]) -> None:
        try:
            for _round in range(times):
                barrier.wait(timeout=20)
                try:
                    verb()
                except ValidationError:
                    continue
                except Exception as error:  # noqa: BLE001 - whatever it is, it is what we look for
                    faults.append(f"{type(error).__name__}: {error}")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(verb,)) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=90)
    return faults


def assert_whole_chain() -> None:
    assert find_breaks(AuditEntry.objects.order_by("number")) == []


def test_double_click_on_the_facts() -> None:
    scene = city_scene()
    pk = scene.draft().pk

    def describe() -> None:
        proposal = Proposal.objects.get(pk=pk)
        proposals.describe_proposal(
            proposal,
            header={"title": "Judul"},
            version=proposal.version,
            by=scene.author,
            at=make.NOON,
        )

    assert race(describe, describe, times=10) == []


def test_double_click_adds_one_row() -> None:
    scene = city_scene()
    draft = scene.draft()
    field, ranking = closed(name="Kota Lain")

    def join() -> None:
        member = TeamMember(proposal=draft, name="Budi", role="Penyusun")
        proposals.add_line(member, by=scene.author, at=make.NOON)

    def announce_once() -> None:
        announce(scene.competition, by=scene.chair, at=make.NOON, title="Jadwal", body="Besok.")

    def add() -> None:
        judging.add_addendum(ranking, text="Diperbaiki.", by=field.chair, at=make.NOON)

    for verb in (join, announce_once, add):
        assert race(verb, verb, times=3) == []
    counts = [model.objects.count() for model in (TeamMember, Announcement, Addendum)]
    assert counts == [1, 1, 1]


def test_two_organisers_seat_judges() -> None:
    field = city(entries=1)
    emails = iter(f"juri{number}@demo.example" for number in range(100))
    known = iter([make.user() for _number in range(100)])

    def invite() -> None:
        judging.invite_panelist(
            field.stage, email=next(emails), full_name="Juri", by=field.chair, at=make.NOON
        )

    def seat() -> None:
        judging.seat_panelist(field.stage, user=next(known), by=field.organizer, at=make.NOON)

    assert race(invite, seat) == []
    assert_whole_chain()


def test_unit_ends_while_its_heir_is_joined() -> None:
    host = make.unit(level="government")
    heir = make.unit(parent=host)
    ending = []
    for _number in range(6):
        old = make.unit(parent=host)
        for _person in range(3):
            make.membership(make.user(), old)
        ending.append(old)
    units = iter(ending)
    emails = iter(f"baru{number}@demo.example" for number in range(100))
    chief = make.user()

    def end() -> None:
        accounts.end_unit(next(units), on=date(2026, 3, 2), successor=heir, by=chief, at=make.NOON)

    def invite() -> None:
        accounts.invite_member(heir, role="author", email=next(emails), by=chief, at=make.NOON)

    assert race(end, invite) == []
    assert heir.memberships.count() == 18
    assert_whole_chain()


def test_account_closes_while_a_role_ends() -> None:
    host = make.unit(level="government")
    people = [make.user() for _number in range(6)]
    roles = [
        [make.membership(person, make.unit(parent=host)) for _unit in range(4)] for person in people
    ]
    closing, ending = iter(people), iter(roles)

    def close() -> None:
        accounts.deactivate_user(next(closing), by=None, at=make.NOON, reason="pindah")

    def end() -> None:
        for role in reversed(next(ending)):
            accounts.end_membership(role, by=None, at=make.NOON)

    assert race(close, end) == []
    assert not Membership.objects.current().exists()
    assert_whole_chain()


def test_round_is_set_while_proposals_start() -> None:
    scene = city_scene()
    innovations = iter([make.innovation(scene.clinic) for _number in range(10)])
    Round.objects.filter(pk=scene.endorsement.pk).update(starts_at=make.NOON + make.DAY)

    def start() -> None:
        innovation = next(innovations)
        proposals.start_proposal(
            innovation, track=scene.track, unit=scene.clinic, by=scene.author, at=make.NOON
        )

    def change() -> None:
        round_ = Round.objects.get(pk=scene.endorsement.pk)
        round_.ends_at += make.DAY
        change_part(round_, by=scene.chair, at=make.NOON, version=round_.version)

    assert race(start, change, times=10) == []
