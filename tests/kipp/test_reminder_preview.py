"""A rule's preview: who would be told now, of how much, in which words."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from competitions.models import Extension, ReminderRule, Round
from tests import make
from tests.competitions.world import World, build

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build()


@pytest.fixture
def url(world: World, client: Client) -> str:
    client.force_login(world.people["organizer"])
    ahead = timezone.now() + make.DAY
    Round.objects.filter(pk=world.workshop.round_id).update(
        starts_at=ahead, ends_at=ahead + make.DAY
    )
    rule = ReminderRule.objects.create(
        round=world.workshop.round,
        audience="invited",
        leads=[1440],
        subject="Daftarkan unit: {kompetisi}",
        text="Yth. {nama}, <b>segera</b>.",
    )
    return reverse("reminder-preview", args=[world.competition.slug, rule.pk])


def invite(world: World, name: str = "") -> User:
    member = make.user(name)
    make.membership(member, make.unit(parent=world.agency, level="service"))
    return member


def test_preview_names_who_would_be_told_and_shows_the_mail(
    world: World, client: Client, url: str
) -> None:
    invite(world, "Siti Aminah")

    answer = client.get(url)

    told = {owed.recipient.full_name for owed, _ends_at in answer.context["page"]}
    page = answer.content.decode()
    assert "Siti Aminah" in told
    assert f"Daftarkan unit: {world.competition.name}" in page
    assert "&lt;b&gt;segera" in page


def test_preview_says_that_nobody_is_told_of_what_has_begun(
    world: World, client: Client, url: str
) -> None:
    invite(world, "Siti Aminah")
    Round.objects.filter(pk=world.workshop.round_id).update(starts_at=timezone.now())

    answer = client.get(url)

    page = answer.content.decode()
    assert list(answer.context["page"]) == []
    assert "Nobody will be told any more" in page
    assert "would be told" not in page
    assert "Daftarkan unit" not in page


def test_preview_leaves_out_whose_own_end_has_passed(world: World, client: Client) -> None:
    client.force_login(world.people["organizer"])
    rule = ReminderRule.objects.create(round=world.round, audience="authors", leads=[1440])
    late, granted = (make.unit(parent=world.agency, level="service") for _ in range(2))
    now, track = timezone.now(), make.track(world.competition)
    Round.objects.filter(pk=world.round.pk).update(ends_at=now)
    Extension.objects.filter(pk=make.extension(world.round, unit=granted).pk).update(
        new_ends_at=now + make.DAY
    )
    for unit in (late, granted):
        make.membership(make.user(unit.name), unit)
        make.proposal(unit, track)

    answer = client.get(reverse("reminder-preview", args=[world.competition.slug, rule.pk]))

    told = [owed.recipient.full_name for owed, _ends_at in answer.context["page"]]
    assert told == [granted.name]


def test_preview_costs_the_same_for_one_reader_and_for_thirty(
    world: World, client: Client, url: str
) -> None:
    counts: list[int] = []
    people: list[int] = []
    for more in (1, 29):
        for _number in range(more):
            invite(world)
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            people.append(client.get(url).context["page"].paginator.count)
        counts.append(len(asked))

    assert people[1] == people[0] + 29
    assert counts[0] == counts[1] <= 12
