from __future__ import annotations

import pytest
from django.test import Client

from competitions.models import Category
from tests.competitions.world import World, enter, move_to_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(world: World) -> Category:
    Category.objects.create(competition=world.competition, key="a", name="A", order=1)
    return Category.objects.create(competition=world.competition, key="b", name="B", order=2)


def names(world: World) -> list[str]:
    return [str(category) for category in world.competition.categories.all()]


def test_button_moves_and_returns_to_the_part(
    organizer: Client, world: World, second: Category
) -> None:
    up = world.url("part-move-up", "kategori", second.pk)
    page = organizer.get(world.url("setup-form")).content.decode()

    answer = organizer.post(up, {"version": "1"})

    assert f'action="{up}"' in page
    assert world.url("part-move-down", "kategori", second.pk) not in page
    assert (answer.status_code, answer["Location"]) == (
        302,
        f"{world.url('setup-form')}#kategori-{second.pk}",
    )
    assert names(world) == ["B", "A"]
    organizer.post(world.url("part-move-down", "kategori", second.pk), {"version": "2"})
    assert names(world) == ["A", "B"]


def test_old_page_is_told(organizer: Client, world: World, second: Category) -> None:
    up = world.url("part-move-up", "kategori", second.pk)
    organizer.post(up, {"version": "1"})

    again = organizer.post(up, {"version": "1"})

    assert (again.status_code, names(world)) == (409, ["B", "A"])
    assert organizer.post(up, {"version": "x"}).status_code == 422
    assert organizer.post(up).status_code == 422


def test_locked_form_is_not_reordered(organizer: Client, world: World) -> None:
    move_to_now(world)
    track = world.competition.tracks.create(key="umum", name="Umum")

    answer = organizer.post(world.url("part-move-up", "kelompok", track.pk), {"version": "1"})

    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("role", "status"), [("chair", 302), ("auditor", 403), ("author", 403), ("judge", 403)]
)
def test_only_organizer_and_chair_move(
    client: Client, world: World, second: Category, role: str, status: int
) -> None:
    up = world.url("part-move-up", "kategori", second.pk)

    answer = enter(client, world, role).post(up, {"version": "1"})

    assert answer.status_code == status
    assert names(world) == (["B", "A"] if status == 302 else ["A", "B"])


def test_what_has_no_order_has_no_button(organizer: Client, world: World) -> None:
    tier = world.competition.tiers.create(key="top", name="Top", size=3)

    assert organizer.post(world.url("part-move-up", "jenjang", tier.pk)).status_code == 404
    assert organizer.post(world.url("part-move-up", "pesta", tier.pk)).status_code == 404
