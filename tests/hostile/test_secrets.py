"""Side doors: what another unit writes is not learnt by trying, and a move of units opens none."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import User
from accounts.services import move_unit
from competitions.roles import load_actor
from proposals.models import Innovation
from proposals.queries.others import others_of
from proposals.queries.own import enterable_in
from tests import make
from tests.clients import signed_in
from tests.proposals.scene import Scene, city_scene


@pytest.fixture
def scene(db: None) -> Scene:
    return city_scene()


def enterable(person: User, scene: Scene) -> list[Innovation]:
    return list(enterable_in(scene.competition, actor=load_actor(person)))


def test_titles_of_drafts_cannot_be_guessed(scene: Scene) -> None:
    other = make.unit("Dinas Sosial", parent=scene.city)
    make.proposal(other, scene.track, "Jempol Ijo")
    mine = scene.draft("jempol  IJO")

    assert others_of(mine, title=mine.title, video_url="").title_twins == ()


def test_title_of_a_received_proposal_counts(scene: Scene) -> None:
    scene.submitted("Jempol Ijo")
    other = make.unit("Dinas Sosial", parent=scene.city)

    late = make.proposal(other, scene.track, "jempol  IJO")

    assert others_of(late, title=late.title, video_url="").title_twins == ("Puskesmas Janti",)


def test_author_of_the_agency_sees_nothing_of_the_units_below(scene: Scene) -> None:
    author = make.user()
    make.membership(author, scene.agency)
    make.innovation(scene.clinic, "Milik Puskesmas")

    page = signed_in(author).get(reverse("proposals:innovation-list")).content.decode()

    assert "Milik Puskesmas" not in page
    assert enterable(author, scene) == []


def test_endorser_of_the_host_starts_nothing_that_stays_closed(scene: Scene) -> None:
    mayor = make.user()
    make.membership(mayor, scene.city, "endorser")

    innovation = make.innovation(scene.clinic)

    assert enterable(mayor, scene) == []
    assert enterable(scene.endorser, scene) == [innovation]


def test_move_of_the_unit_leaves_its_proposals_readable(scene: Scene) -> None:
    waiting, received = scene.sent(), scene.submitted()
    move_unit(scene.clinic, to=make.unit("Dinas Sosial", parent=scene.city), by=None, at=make.NOON)

    pages = [
        (scene.author, reverse("proposals:proposal-page", args=[waiting.pk])),
        (scene.endorser, reverse("proposals:endorsement-page", args=[waiting.pk])),
        (
            scene.chair,
            reverse("proposals:screening-page", args=["kipp-2020", received.proposal_id]),
        ),
    ]
    assert [signed_in(person).get(url).status_code for person, url in pages] == [200, 200, 200]
