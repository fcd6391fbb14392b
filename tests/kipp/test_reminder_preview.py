"""A rule's preview: who would be told now, of how much, in which words."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from competitions.models import ReminderRule
from tests import make
from tests.competitions.world import World, build

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build()


@pytest.fixture
def url(world: World, client: Client) -> str:
    client.force_login(world.people["organizer"])
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
