"""Units and people of the demonstration, made through the services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.hashers import make_password

from accounts import services
from accounts.models import Membership, Unit, User
from kipp.demo.accounts import ADMIN_EMAIL, PASSWORD
from kipp.demo.content import DemoPerson, load_people, load_units, people_with

Role = Membership.Role


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody by the keys of the content."""

    units: dict[str, Unit]
    people: dict[str, User]
    admin: User

    def all_with(self, role: str) -> list[User]:
        return [self.people[person.key] for person in load_people() if person.role == role]

    def first(self, role: str) -> User:
        return self.all_with(role)[0]

    def endorser_of(self, unit: Unit) -> User:
        return next(
            self.people[person.key]
            for person in people_with("endorser")
            if self.units[person.unit].pk == unit.pk
        )


def assemble(*, at: datetime) -> Cast:
    admin = User.objects.create_superuser(ADMIN_EMAIL, PASSWORD, full_name="Admin Sistem (contoh)")
    units = plant_units(by=admin, at=at)
    password = make_password(PASSWORD)
    people = {
        person.key: _engage(person, units=units, password=password, by=admin, at=at)
        for person in load_people()
    }
    return Cast(units, people, admin)


def plant_units(*, by: User, at: datetime) -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for unit in load_units():
        units[unit.key] = services.create_unit(
            name=unit.name,
            level=unit.level,
            parent=units.get(unit.parent),
            abbr=unit.abbr,
            code=unit.code,
            kind=unit.kind,
            by=by,
            at=at,
        )
    for unit in load_units():
        if unit.successor:
            services.end_unit(
                units[unit.key],
                on=date(at.year, 1, 1),
                successor=units[unit.successor],
                by=by,
                at=at,
            )
    return units


def _engage(
    person: DemoPerson, *, units: dict[str, Unit], password: str, by: User, at: datetime
) -> User:
    user = services.register_person(person.email, full_name=person.name, by=by, at=at)
    user.password, user.nip = password, person.nip
    user.save(update_fields=["password", "nip"])
    if person.unit and person.role in {"author", "endorser", "judge"}:
        role = Role.ENDORSER if person.role == "endorser" else Role.AUTHOR
        services.grant_membership(user, unit=units[person.unit], role=role, by=by, at=at)
    return user
