from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password

from accounts.models import Membership, Unit, User

PASSWORD = "a-long-enough-secret"  # noqa: S105 - lives in a throw-away database
UNITS, JUDGES = 400, 40


@dataclass(frozen=True)
class People:
    host: Unit
    units: list[Unit]
    authors: list[User]
    judges: list[User]
    organizer: User
    chair: User


def make_people(at: datetime) -> People:
    """Every unit stands directly below the host, has one author and endorses its own."""
    host = Unit.objects.create(name="Kota Uji", level=Unit.Level.GOVERNMENT)
    host.path = f"/{host.pk}/"
    host.save(update_fields=["path"])
    units = Unit.objects.bulk_create(
        Unit(name=f"Dinas Pelayanan {number}", level=Unit.Level.AGENCY, parent=host)
        for number in range(UNITS)
    )
    for unit in units:
        unit.path = f"{host.path}{unit.pk}/"
    Unit.objects.bulk_update(units, ["path"])
    password = make_password(PASSWORD)
    authors = _users("penulis", UNITS, password)
    Membership.objects.bulk_create(
        Membership(user=author, unit=unit, role=Membership.Role.AUTHOR, started_at=at)
        for author, unit in zip(authors, units, strict=True)
    )
    organizer, chair = _users("panitia", 2, password)
    return People(host, units, authors, _users("juri", JUDGES, password), organizer, chair)


def _users(name: str, count: int, password: str) -> list[User]:
    return User.objects.bulk_create(
        User(
            email=f"{name}{number}@demo.example",
            full_name=f"{name.title()} {number}",
            password=password,
        )
        for number in range(count)
    )
