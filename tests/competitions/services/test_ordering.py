from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from accounts.audit import trail_of
from accounts.models import User
from competitions import services
from competitions.models import Category, Competition, Round, Section, Track
from competitions.workflow import CompetitionStatus
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> User:
    return make.user()


@pytest.fixture
def track() -> Track:
    """A track of a draft with three sections, all in one place as a file may leave them."""
    made = make.track(make.competition(status=CompetitionStatus.DRAFT))
    for key in ("satu", "dua", "tiga"):
        make.section(made, key)
    return made


def line(track: Track) -> list[str]:
    return list(track.sections.values_list("key", flat=True))


def test_part_moves_up_and_down(track: Track, by: User) -> None:
    last = track.sections.get(key="tiga")

    services.move_part_up(last, by=by, at=make.NOON, version=1)
    assert line(track) == ["satu", "tiga", "dua"]
    last.refresh_from_db()
    services.move_part_down(last, by=by, at=make.NOON, version=last.version)
    assert line(track) == ["satu", "dua", "tiga"]


def test_move_is_recorded(track: Track, by: User) -> None:
    services.move_part_up(track.sections.get(key="dua"), by=by, at=make.NOON, version=1)

    entry = trail_of(track.competition).get()
    assert (entry.action, entry.data) == (
        "competition.part_moved",
        {"part": "section", "name": "Dua", "place": 1},
    )


def test_ends_of_the_line_stay(track: Track, by: User) -> None:
    services.move_part_up(track.sections.get(key="satu"), by=by, at=make.NOON, version=1)
    services.move_part_down(track.sections.get(key="tiga"), by=by, at=make.NOON, version=1)

    assert line(track) == ["satu", "dua", "tiga"]
    assert not trail_of(track.competition).exists()


def test_second_press_of_an_old_page_is_refused(track: Track, by: User) -> None:
    last = track.sections.get(key="tiga")
    services.move_part_up(last, by=by, at=make.NOON, version=1)

    with pytest.raises(ValidationError) as caught:
        services.move_part_up(last, by=by, at=make.NOON, version=1)

    assert caught.value.code == "stale"
    assert line(track) == ["satu", "tiga", "dua"]


def test_removed_part_is_refused(track: Track, by: User) -> None:
    gone = track.sections.get(key="dua")
    Section.objects.filter(pk=gone.pk).delete()

    with pytest.raises(ValidationError) as caught:
        services.move_part_up(gone, by=by, at=make.NOON, version=1)

    assert caught.value.code == "stale"


def test_change_typed_before_the_move_does_not_put_the_part_back(track: Track, by: User) -> None:
    """Whose place changed is saved with its new version only."""
    typed = track.sections.get(key="dua")
    services.move_part_up(track.sections.get(key="tiga"), by=by, at=make.NOON, version=1)

    with pytest.raises(ValidationError) as caught:
        services.change_part(typed, by=by, at=make.NOON, version=1)

    assert caught.value.code == "stale"
    assert line(track) == ["satu", "tiga", "dua"]


def test_form_keeps_its_order_once_the_submission_began(track: Track, by: User) -> None:
    make.round_(track.competition)
    Competition.objects.update(status=CompetitionStatus.PUBLISHED)

    with pytest.raises(ValidationError) as caught:
        services.move_part_up(track.sections.get(key="dua"), by=by, at=make.NOON, version=1)

    assert caught.value.code == "locked"
    assert line(track) == ["satu", "dua", "tiga"]


def test_archived_competition_keeps_its_order(track: Track, by: User) -> None:
    Competition.objects.update(status=CompetitionStatus.ARCHIVED)
    for name in ("A", "B"):
        Category.objects.create(competition=track.competition, key=name.lower(), name=name)

    with pytest.raises(ValidationError) as caught:
        services.move_part_up(Category.objects.get(key="b"), by=by, at=make.NOON, version=1)

    assert caught.value.code == "archived"


def test_rounds_of_a_running_competition_change_places(by: User) -> None:
    competition = make.competition()
    make.round_(competition)
    second = make.round_(competition, Round.Kind.SCREENING)

    services.move_part_up(second, by=by, at=make.NOON, version=1)

    assert list(competition.rounds.values_list("key", flat=True)) == ["screening", "submission"]
