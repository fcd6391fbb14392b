from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError

from accounts import services
from accounts.audit import trail_of
from accounts.history import as_lines
from accounts.models import Membership, Unit
from tests import make

pytestmark = pytest.mark.django_db
TODAY = make.NOON.date()


@pytest.fixture
def city() -> Unit:
    return services.create_unit(name="Kota Malang", level="government", by=None, at=make.NOON)


def below(parent: Unit, name: str, *, level: str = "agency") -> Unit:
    return services.create_unit(name=name, level=level, parent=parent, by=None, at=make.NOON)


def actions_on(unit: Unit) -> list[str]:
    return [entry.action for entry in trail_of(unit)]


def code_of(error: pytest.ExceptionInfo[ValidationError]) -> str:
    return str(error.value.error_list[0].code)


def test_create_unit_writes_the_path_from_the_root(city: Unit) -> None:
    health = below(city, "Dinas Kesehatan")
    clinic = below(health, "Puskesmas Dinoyo", level="service")

    assert clinic.path == f"/{city.pk}/{health.pk}/{clinic.pk}/"
    assert actions_on(clinic) == ["unit.created"]


@pytest.mark.parametrize(
    ("level", "under", "code"),
    [
        ("agency", None, "no_parent"),
        ("service", "government", "wrong_level"),
        ("agency", "agency", "wrong_level"),
        ("government", "agency", "wrong_level"),
    ],
)
def test_create_unit_refuses_a_wrong_place(
    city: Unit, level: str, under: str | None, code: str
) -> None:
    agency = below(city, "Dinas Kesehatan")
    parent = {"government": city, "agency": agency, None: None}[under]

    with pytest.raises(ValidationError) as error:
        services.create_unit(name="X", level=level, parent=parent, by=None, at=make.NOON)

    assert code_of(error) == code


def test_create_unit_refuses_a_second_of_the_same_name(city: Unit) -> None:
    below(city, "Dinas Kesehatan")

    with pytest.raises(ValidationError):
        below(city, "DINAS KESEHATAN")

    assert city.children.count() == 1


def test_create_unit_refuses_below_a_unit_that_ended(city: Unit) -> None:
    agency = below(city, "Dinas Kesehatan")
    services.end_unit(agency, on=TODAY, by=None, at=make.NOON)

    with pytest.raises(ValidationError) as error:
        below(agency, "Puskesmas", level="service")

    assert code_of(error) == "ended"


def test_change_unit_says_what_was_and_what_is(city: Unit) -> None:
    services.change_unit(
        city, version=1, name="Pemerintah Kota Malang", abbr="", by=None, at=make.NOON
    )

    city.refresh_from_db()
    assert (city.name, city.version) == ("Pemerintah Kota Malang", 2)
    assert [entry.data for entry in trail_of(city)][1:] == [
        {"before": {"name": "Kota Malang"}, "after": {"name": "Pemerintah Kota Malang"}}
    ]


def test_change_unit_without_a_change_writes_nothing(city: Unit) -> None:
    services.change_unit(city, version=1, name="Kota Malang", by=None, at=make.NOON)

    assert actions_on(city) == ["unit.created"]


def test_change_unit_refuses_a_stale_version(city: Unit) -> None:
    services.change_unit(city, version=1, name="A", by=None, at=make.NOON)

    with pytest.raises(ValidationError) as error:
        services.change_unit(city, version=1, name="B", by=None, at=make.NOON)

    city.refresh_from_db()
    assert (code_of(error), city.name) == ("stale", "A")


def test_move_unit_takes_all_below_along(city: Unit) -> None:
    health, social = below(city, "Dinas Kesehatan"), below(city, "Dinas Sosial")
    clinic = below(health, "Puskesmas", level="service")
    branch = below(clinic, "Pustu", level="service")

    services.move_unit(clinic, to=social, by=None, at=make.NOON)

    clinic.refresh_from_db()
    branch.refresh_from_db()
    assert clinic.parent == social
    assert clinic.path == f"{social.path}{clinic.pk}/"
    assert branch.path == f"{social.path}{clinic.pk}/{branch.pk}/"
    assert actions_on(clinic) == ["unit.created", "unit.moved"]


def test_move_unit_to_where_it_is_changes_nothing(city: Unit) -> None:
    health = below(city, "Dinas Kesehatan")

    services.move_unit(health, to=city, by=None, at=make.NOON)

    assert actions_on(health) == ["unit.created"]


def test_move_unit_refuses_a_loop_and_a_wrong_level(city: Unit) -> None:
    health = below(city, "Dinas Kesehatan")
    clinic = below(health, "Puskesmas", level="service")
    branch = below(clinic, "Pustu", level="service")

    with pytest.raises(ValidationError) as loop:
        services.move_unit(clinic, to=branch, by=None, at=make.NOON)
    with pytest.raises(ValidationError) as level:
        services.move_unit(clinic, to=city, by=None, at=make.NOON)

    assert (code_of(loop), code_of(level)) == ("loop", "wrong_level")


def test_end_unit_hands_its_people_to_the_successor(city: Unit) -> None:
    old, new = below(city, "Dinas Lama"), below(city, "Dinas Baru")
    author, both = make.user(), make.user()
    for person, place in ((author, old), (both, old), (both, new)):
        services.grant_membership(person, unit=place, role="author", by=None, at=make.NOON)
    inviter = make.user()
    invitation = services.invite_member(
        old, role="author", email="x@demo.example", by=inviter, at=make.NOON
    )

    services.end_unit(old, on=TODAY, successor=new, by=None, at=make.NOON)

    old.refresh_from_db()
    invitation.refresh_from_db()
    assert (old.ended_on, old.successor) == (TODAY, new)
    assert invitation.state_at(make.NOON) == "revoked"
    assert sorted(Membership.objects.current().values_list("user_id", "unit_id")) == sorted(
        [(author.pk, old.pk), (both.pk, old.pk), (author.pk, new.pk), (both.pk, new.pk)]
    )


def test_successor_is_named_once_and_only_for_a_unit_that_ended(city: Unit) -> None:
    old, new, other = (below(city, name) for name in ("Dinas Lama", "Dinas Baru", "Dinas Lain"))
    author, chief = make.user(), make.user()
    services.grant_membership(author, unit=old, role="author", by=None, at=make.NOON)
    with pytest.raises(ValidationError) as early:
        services.name_successor(old, successor=new, by=chief, at=make.NOON)
    services.end_unit(old, on=TODAY, by=None, at=make.NOON)
    with pytest.raises(ValidationError) as own:
        services.name_successor(old, successor=old, by=chief, at=make.NOON)

    services.name_successor(old, successor=new, by=chief, at=make.NOON)
    with pytest.raises(ValidationError) as twice:
        services.name_successor(old, successor=other, by=chief, at=make.NOON)

    assert [code_of(each) for each in (early, own, twice)] == [
        "not_ended",
        "ended",
        "has_successor",
    ]
    old.refresh_from_db()
    assert old.successor == new
    assert set(Membership.objects.current().values_list("user", "unit")) == {
        (author.pk, old.pk),
        (author.pk, new.pk),
    }
    assert [line.text for line in as_lines(trail_of(old).filter(actor=chief))] == [
        "Continued by Dinas Baru"
    ]


def test_end_unit_refuses_while_units_stand_below(city: Unit) -> None:
    below(city, "Dinas")

    with pytest.raises(ValidationError) as error:
        services.end_unit(city, on=TODAY, by=None, at=make.NOON)

    assert code_of(error) == "has_children"


def test_end_unit_refuses_itself_and_the_ended_as_heir(city: Unit) -> None:
    agency, gone = below(city, "Dinas"), below(city, "Dinas Lama")
    services.end_unit(gone, on=TODAY, by=None, at=make.NOON)

    with pytest.raises(ValidationError) as own:
        services.end_unit(agency, on=TODAY, successor=agency, by=None, at=make.NOON)
    with pytest.raises(ValidationError) as ended:
        services.end_unit(agency, on=TODAY, successor=gone, by=None, at=make.NOON)
    with pytest.raises(ValidationError) as twice:
        services.end_unit(gone, on=TODAY, by=None, at=make.NOON)

    assert [code_of(error) for error in (own, ended, twice)] == ["own_heir", "ended", "ended"]


def test_end_unit_refuses_an_end_before_the_beginning(city: Unit) -> None:
    unit = services.create_unit(
        name="Dinas", level="agency", parent=city, started_on=TODAY, by=None, at=make.NOON
    )

    with pytest.raises(ValidationError) as error:
        services.end_unit(unit, on=TODAY - make.DAY, by=None, at=make.NOON)

    assert code_of(error) == "before_start"


def test_end_unit_refuses_an_end_to_come(city: Unit) -> None:
    """Nothing would keep it in the game until then. It is 00.30 of the second day in Malang."""
    night = datetime(2026, 3, 1, 17, 30, tzinfo=UTC)
    early, due = below(city, "Dinas A"), below(city, "Dinas B")

    with pytest.raises(ValidationError) as error:
        services.end_unit(early, on=date(2026, 3, 3), by=None, at=night)
    services.end_unit(due, on=date(2026, 3, 2), by=None, at=night)

    assert code_of(error) == "future"
