from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.audit import trail_of
from competitions.workflow import CompetitionStatus
from proposals import services
from proposals.models import Proposal
from tests import make
from tests.proposals.scene import Scene


def code_of(error: pytest.ExceptionInfo[ValidationError]) -> str | None:
    return error.value.error_list[0].code


def test_register_cleans_the_title(scene: Scene) -> None:
    innovation = services.register_innovation(
        scene.clinic, title="  BRE\u200bXIT \n 2 ", by=scene.author, at=make.NOON
    )

    assert innovation.title == "BREXIT 2"
    assert [entry.action for entry in trail_of(innovation)] == ["innovation.registered"]


@pytest.mark.parametrize("title", ["", "   ", "x" * 201, "a\0b"])
def test_register_refuses_a_bad_title(scene: Scene, title: str) -> None:
    with pytest.raises(ValidationError):
        services.register_innovation(scene.clinic, title=title, by=scene.author, at=make.NOON)


def test_register_refuses_the_title_twice(scene: Scene) -> None:
    make.innovation(scene.clinic, "Brexit")

    with pytest.raises(ValidationError):
        services.register_innovation(scene.clinic, title="BREXIT", by=scene.author, at=make.NOON)


def test_start_takes_over_what_the_register_knows(scene: Scene) -> None:
    innovation = make.innovation(scene.clinic, "BREXIT", started_on=date(2018, 1, 1))

    proposal = services.start_proposal(
        innovation, track=scene.track, unit=scene.clinic, by=scene.author, at=make.NOON
    )

    assert (proposal.title, proposal.started_on, proposal.endorsing_unit, proposal.status) == (
        "BREXIT",
        date(2018, 1, 1),
        scene.agency,
        "draft",
    )
    assert [entry.action for entry in trail_of(proposal)] == ["proposal.started"]


def test_unit_directly_below_the_host_endorses_its_own(scene: Scene) -> None:
    proposal = services.start_proposal(
        make.innovation(scene.agency),
        track=scene.track,
        unit=scene.agency,
        by=scene.author,
        at=make.NOON,
    )

    assert proposal.endorsing_unit == scene.agency


@pytest.mark.django_db
def test_province_asks_the_city_to_endorse() -> None:
    province = make.unit(level="government")
    city = make.unit(parent=province, level="government")
    clinic = make.unit(parent=make.unit(parent=city))
    competition = make.competition(host=province)
    make.round_(competition)

    proposal = services.start_proposal(
        make.innovation(clinic),
        track=make.track(competition),
        unit=clinic,
        by=make.user(),
        at=make.NOON,
    )

    assert proposal.endorsing_unit == city


@pytest.mark.parametrize("place", ["stranger", "host"])
def test_start_refuses_who_does_not_stand_below_the_host(scene: Scene, place: str) -> None:
    unit = scene.city if place == "host" else make.unit(level="government")

    with pytest.raises(ValidationError) as error:
        services.start_proposal(
            make.innovation(unit), track=scene.track, unit=unit, by=scene.author, at=make.NOON
        )

    assert code_of(error) == "outside"


def test_start_refuses_another_units_innovation(scene: Scene) -> None:
    with pytest.raises(ValidationError) as error:
        services.start_proposal(
            make.innovation(scene.agency),
            track=scene.track,
            unit=scene.clinic,
            by=scene.author,
            at=make.NOON,
        )

    assert code_of(error) == "foreign"


def test_start_refuses_the_innovation_twice_until_it_was_withdrawn(scene: Scene) -> None:
    first = scene.draft()
    again: dict[str, Any] = {
        "track": scene.track,
        "unit": scene.clinic,
        "by": scene.author,
        "at": make.NOON,
    }
    with pytest.raises(ValidationError) as error:
        services.start_proposal(first.innovation, **again)
    assert code_of(error) == "exists"

    services.withdraw_proposal(first, reason="Keliru", by=scene.author, at=make.NOON)

    assert services.start_proposal(first.innovation, **again).status == "draft"


@pytest.mark.parametrize(
    ("days", "code"), [(-11, "not_open"), (-10, None), (10, "closed"), (11, "closed")]
)
def test_start_only_while_submission_is_open(scene: Scene, days: int, code: str | None) -> None:
    at = make.NOON + days * make.DAY
    arguments: dict[str, Any] = {
        "track": scene.track,
        "unit": scene.clinic,
        "by": scene.author,
        "at": at,
    }
    if code is None:
        assert services.start_proposal(make.innovation(scene.clinic), **arguments)
        return

    with pytest.raises(ValidationError) as error:
        services.start_proposal(make.innovation(scene.clinic), **arguments)

    assert code_of(error) == code
    assert Proposal.objects.count() == 0


def test_start_needs_a_round_and_a_published_competition(scene: Scene) -> None:
    bare = make.track(make.competition(host=scene.city))
    hidden = make.track(make.competition(host=scene.city, status=CompetitionStatus.DRAFT))
    found = []
    for track in (bare, hidden):
        with pytest.raises(ValidationError) as error:
            services.start_proposal(
                make.innovation(scene.clinic),
                track=track,
                unit=scene.clinic,
                by=scene.author,
                at=make.NOON,
            )
        found.append(code_of(error))

    assert found == ["no_round", "not_published"]


def test_describe_saves_over_the_version_seen(scene: Scene) -> None:
    proposal = scene.draft()

    services.describe_proposal(
        proposal,
        header={"title": " Judul \u202ebaru ", "sdgs": [3, 5]},
        version=proposal.version,
        by=scene.author,
        at=make.NOON,
    )

    stored = Proposal.objects.get(pk=proposal.pk)
    assert (stored.title, stored.sdgs, stored.version) == ("Judul baru", [3, 5], 2)


def test_describe_does_not_overwrite_a_newer_version(scene: Scene) -> None:
    proposal = scene.draft("Lama")

    with pytest.raises(ValidationError) as error:
        services.describe_proposal(
            proposal, header={"title": "Baru"}, version=9, by=scene.author, at=make.NOON
        )

    assert code_of(error) == "stale"
    assert Proposal.objects.get(pk=proposal.pk).title == "Lama"


def test_describe_refuses_another_competitions_category(scene: Scene) -> None:
    proposal = scene.draft()
    foreign = make.competition().categories.create(key="x", name="X")

    with pytest.raises(ValidationError) as error:
        services.describe_proposal(
            proposal, header={"category": foreign}, version=1, by=scene.author, at=make.NOON
        )

    assert list(error.value.message_dict) == ["category"]
