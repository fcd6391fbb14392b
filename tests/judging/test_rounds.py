"""The pages that extend a round: who may, who is told, what is refused."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Message, User
from competitions.models import Extension, Round
from tests import make
from tests.competitions.world import World, build, enter, errors, move_to_now, said
from tests.hostile.found import forms_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build()


@pytest.fixture
def organizer(client: Client, world: World) -> Client:
    return enter(client, world, "organizer")


def extend_url(world: World, round_: Round | None = None) -> str:
    pk = (round_ or world.round).pk
    return reverse("judging:round-extend", args=[world.competition.slug, pk])


def preview_url(world: World, round_: Round | None = None) -> str:
    return f"{extend_url(world, round_)}periksa/"


PASSWORD = "batik kawung malang 1914"
EXTENSION = {"new_ends_at": "2030-01-31T23:59", "reason": "Listrik padam", "letter_number": "005/1"}


def test_extension_is_previewed_then_granted(organizer: Client, world: World) -> None:
    move_to_now(world)

    preview = organizer.post(preview_url(world), EXTENSION)
    told = {person.pk for person in preview.context["preview"].people}
    answer = organizer.post(extend_url(world), EXTENSION)

    names = ("author", "other", "endorser", "organizer", "chair", "auditor")
    assert told == {world.people[name].pk for name in names}
    assert answer.status_code == 302
    extension = Extension.objects.get()
    assert extension.new_ends_at.isoformat() == "2030-01-31T17:00:00+00:00"
    assert set(Message.objects.values_list("recipient_id", flat=True)) == told


def test_preview_is_asked_without_its_reason_in_the_address(
    organizer: Client, world: World
) -> None:
    """A server takes 4 kB of address; a letter of another script is up to twelve bytes in one."""
    move_to_now(world)
    long = {**EXTENSION, "reason": "ꦗ" * 2000}

    [form] = [
        form
        for form in forms_in(organizer.get(extend_url(world)).content.decode(), url="")
        if form.action == preview_url(world)
    ]
    preview = organizer.post(form.action, long)

    assert preview.context["form"].cleaned_data["reason"] == long["reason"]
    assert not Extension.objects.exists()


def test_extension_asks_for_the_password_and_keeps_what_was_typed(
    client: Client, world: World
) -> None:
    move_to_now(world)
    organizer = world.people["organizer"]
    organizer.set_password(PASSWORD)
    organizer.save(update_fields=["password"])
    client.force_login(organizer)

    asked = client.post(extend_url(world), EXTENSION)
    before = Extension.objects.count()
    client.post(asked.headers["Location"], {"password": PASSWORD})

    assert asked.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert before == 0
    assert Extension.objects.get().reason == EXTENSION["reason"]


def test_extension_for_a_unit_warns_of_the_endorsement(organizer: Client, world: World) -> None:
    move_to_now(world)
    make.round_(world.competition, Round.Kind.ENDORSEMENT)
    given = {**EXTENSION, "unit": str(world.agency.pk)}

    preview = organizer.post(preview_url(world), given)
    organizer.post(extend_url(world), given)

    assert preview.context["preview"].late.kind == "endorsement"
    assert Extension.objects.get().unit == world.agency


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"new_ends_at": "2020-01-01T00:00"}, "__all__"),
        ({"new_ends_at": "nanti"}, "new_ends_at"),
        ({"new_ends_at": ""}, "new_ends_at"),
        ({"reason": ""}, "reason"),
        ({"letter_number": "x" * 121}, "letter_number"),
        ({"unit": "999999"}, "unit"),
    ],
)
def test_bad_extension_is_refused_in_preview_and_post(
    organizer: Client, world: World, bad: dict[str, str], field: str
) -> None:
    move_to_now(world)
    for answer in (
        organizer.post(preview_url(world), {**EXTENSION, **bad}),
        organizer.post(extend_url(world), {**EXTENSION, **bad}),
    ):
        assert (answer.status_code, list(errors(answer))) == (422, [field])
    assert not Extension.objects.exists()


@pytest.fixture
def judges(world: World) -> list[User]:
    """The panel of a stage: two who are active, the second with a seat in the committee too."""
    stage = make.stage(world.competition)
    panel = [make.user("Juri Satu"), world.people["chair"]]
    for person in [*panel, make.user("Juri Lama", is_active=False)]:
        make.panelist(stage, person)
    move_to_now(world)
    return panel


def test_judges_of_the_round_are_shown_and_told_once(
    organizer: Client, world: World, judges: list[User]
) -> None:
    round_ = world.competition.rounds.get(kind="judging")
    expected = {world.people[name].pk for name in ("organizer", "chair", "auditor")}
    expected.add(judges[0].pk)

    preview = organizer.post(preview_url(world, round_), EXTENSION)
    answer = organizer.post(extend_url(world, round_), EXTENSION)

    assert "Juri Satu" in preview.content.decode()
    assert {person.pk for person in preview.context["preview"].people} == expected
    assert answer.status_code == 302
    assert [sentence.split()[1] for sentence in said(answer)] == ["4"]
    told = Message.objects.values_list("recipient_id", flat=True)
    assert sorted(told) == sorted(expected)


def test_judges_of_another_round_are_left_alone(
    organizer: Client, world: World, judges: list[User]
) -> None:
    organizer.post(extend_url(world), EXTENSION)

    assert not Message.objects.filter(recipient=judges[0]).exists()


def test_judging_round_is_not_extended_for_one_unit(
    organizer: Client, world: World, judges: list[User]
) -> None:
    round_ = world.competition.rounds.get(kind="judging")
    given = {**EXTENSION, "unit": str(world.agency.pk)}

    for answer in (
        organizer.post(preview_url(world, round_), given),
        organizer.post(extend_url(world, round_), given),
    ):
        assert (answer.status_code, list(errors(answer))) == (422, ["__all__"])
    assert not Extension.objects.exists()


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("organizer", 200),
        ("chair", 200),
        ("auditor", 403),
        ("author", 404),
        ("endorser", 404),
        ("judge", 404),
        ("sysadmin", 404),
    ],
)
def test_organizer_and_chair_extend(client: Client, world: World, role: str, status: int) -> None:
    move_to_now(world)
    enter(client, world, role)

    assert client.get(extend_url(world)).status_code == status
    assert client.post(preview_url(world), EXTENSION).status_code == status
    assert client.post(extend_url(world), EXTENSION).status_code == (
        302 if status == 200 else status
    )
    assert Extension.objects.exists() == (status == 200)


def test_round_of_another_competition_is_not_found(organizer: Client, world: World) -> None:
    foreign = make.round_(make.competition())

    assert organizer.get(extend_url(world, foreign)).status_code == 404
    assert organizer.post(extend_url(world, foreign), EXTENSION).status_code == 404


def test_stranger_is_sent_to_the_login(client: Client, world: World) -> None:
    assert client.get(extend_url(world)).status_code == 302
