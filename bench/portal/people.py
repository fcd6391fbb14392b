from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password

from accounts.models import Membership, Unit, User

PASSWORD = "a-long-enough-secret"  # noqa: S105 - lives in a throw-away database
AGENCIES, UNITS, JUDGES = 40, 400, 40


@dataclass(frozen=True)
class People:
    host: Unit
    units: list[Unit]
    authors: list[User]
    judges: list[User]
    organizer: User
    chair: User


def make_people(at: datetime) -> People:
    """Forty agencies below the host, each with nine service units; one author everywhere."""
    host = Unit.objects.create(name="Kota Uji", level=Unit.Level.GOVERNMENT)
    host.path = f"/{host.pk}/"
    host.save(update_fields=["path"])
    agencies = _units([host] * AGENCIES, level=Unit.Level.AGENCY)
    parents = [agencies[number % AGENCIES] for number in range(UNITS - AGENCIES)]
    units = agencies + _units(parents, level=Unit.Level.SERVICE)
    password = make_password(PASSWORD)
    authors = _users("penulis", UNITS, password)
    Membership.objects.bulk_create(
        Membership(user=author, unit=unit, role=Membership.Role.AUTHOR, started_at=at)
        for author, unit in zip(authors, units, strict=True)
    )
    organizer, chair = _users("panitia", 2, password)
    return People(host, units, authors, _users("juri", JUDGES, password), organizer, chair)


def _units(parents: Sequence[Unit], *, level: str) -> list[Unit]:
    units = Unit.objects.bulk_create(
        Unit(name=f"{parent.name} - Layanan {number}", level=level, parent=parent)
        for number, parent in enumerate(parents)
    )
    for unit, parent in zip(units, parents, strict=True):
        unit.path = f"{parent.path}{unit.pk}/"
    Unit.objects.bulk_update(units, ["path"])
    return units


def agency_of(unit: Unit) -> Unit:
    """Who endorses: the unit itself, or the one it belongs to."""
    is_agency = unit.level == Unit.Level.AGENCY
    assert unit.parent is not None  # noqa: S101 - only the host has none
    return unit if is_agency else unit.parent


def _users(name: str, count: int, password: str) -> list[User]:
    return User.objects.bulk_create(
        User(
            email=f"{name}{number}@demo.example",
            full_name=f"{name.title()} {number}",
            password=password,
        )
        for number in range(count)
    )
