"""Units and people from a sheet: first every problem, then all or nothing."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit import gathering, record
from accounts.importing import (
    MAX_ROWS,
    PEOPLE_COLUMNS,
    UNIT_COLUMNS,
    Column,
    Known,
    NewMember,
    NewUnit,
    Place,
    Problem,
    check_people,
    check_units,
)
from accounts.models import Import, Membership, Unit, User
from accounts.roles import Member
from accounts.services.invitations import invite_person
from accounts.services.memberships import grant_membership
from accounts.services.people import register_person
from accounts.services.units import create_unit, lock_tree
from accounts.working import Tell, nobody
from kipp.lib.sheets import Row, read_table
from kipp.lib.text import one_line


@dataclass(frozen=True, slots=True)
class Findings:
    """Either problems, or what the sheet would enter."""

    problems: tuple[Problem, ...] = ()
    units: tuple[NewUnit, ...] = ()
    members: tuple[NewMember, ...] = ()

    @property
    def rows(self) -> int:
        return len(self.units) + len(self.members)


def inspect_sheet(content: bytes, *, kind: str, member: Member) -> Findings:
    """Look without writing. Raises `ValidationError` when the file is no sheet at all."""
    places = [
        Place(unit.pk, unit.name, unit.code, unit.level, unit.parent_id)
        for unit in _reachable(member)
    ]
    if kind == Import.Kind.UNITS:
        rows = _read_rows(content, UNIT_COLUMNS)
        units, problems = check_units(rows, places, may_add_root=member.is_admin)
        return Findings(problems=tuple(problems), units=tuple(units))
    rows = _read_rows(content, PEOPLE_COLUMNS)
    closed = frozenset(User.objects.filter(is_active=False).values_list("email", flat=True))
    members, problems = check_people(
        rows, places, held=_held_roles(places), closed=closed, known=_known(rows, member=member)
    )
    return Findings(problems=tuple(problems), members=tuple(members))


@transaction.atomic
def keep_sheet(
    content: bytes, *, name: str, kind: str, by: User, at: datetime, scope: str = ""
) -> Import:
    """Hold a checked file until its sender confirms; it takes the place of an earlier one."""
    by.imports.filter(applied_at=None).delete()
    return Import.objects.create(
        kind=kind,
        scope=scope,
        name=name,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        sent_by=by,
        sent_at=at,
    )


@transaction.atomic
@gathering()
def apply_sheet(
    sheet: Import,
    *,
    sha256: str,
    member: Member,
    tell: Tell = nobody,
    by: User,
    at: datetime,
) -> Findings:
    """Check again what was shown and enter it. Findings with problems mean: nothing was entered."""
    lock_tree()
    content = content_of(sheet, sha256=sha256)
    findings = inspect_sheet(content, kind=sheet.kind, member=member)
    if findings.problems:
        return findings
    use_up(sheet, by=by, at=at)
    _enter_units(findings.units, tell=tell, by=by, at=at)
    _enter_members(findings.members, tell=tell, by=by, at=at)
    count, kind = findings.rows, sheet.kind
    record(by, "import.applied", sheet, at=at, kind=kind, sha256=sha256, count=count)
    return findings


def content_of(sheet: Import, *, sha256: str) -> bytes:
    """What was checked, and nothing else."""
    content = bytes(sheet.content)
    if sha256 != sheet.sha256 or hashlib.sha256(content).hexdigest() != sha256:
        raise ValidationError(_("This is not the file that you checked."), code="other_file")
    return content


def use_up(sheet: Import, *, by: User, at: datetime) -> None:
    """A double click enters nothing twice: the second one waits here and finds it applied."""
    waiting = Import.objects.filter(pk=sheet.pk, sent_by=by, applied_at=None)
    if not waiting.update(applied_at=at, content=b""):
        raise ValidationError(_("This file has been imported already."), code="applied")


def _read_rows(content: bytes, columns: Sequence[Column]) -> list[Row]:
    rows = read_table(io.BytesIO(content), columns=[column.head for column in columns])
    if len(rows) > MAX_ROWS:
        raise ValidationError(
            _("The file has more than %(count)s rows. Split it into several."),
            code="too_many_rows",
            params={"count": MAX_ROWS},
        )
    return rows


def _reachable(member: Member) -> Sequence[Unit]:
    """The units that stand: all for the administrator, else the governments endorsed for."""
    standing = Unit.objects.filter(ended_on=None)
    if member.is_admin:
        return list(standing)
    return list(
        chain.from_iterable(
            standing.filter(path__startswith=path) for path in member.governs.values()
        )
    )


def _held_roles(places: Sequence[Place]) -> frozenset[tuple[str, int, str]]:
    current = Membership.objects.current().filter(unit__in=[place.id for place in places])
    return frozenset(current.values_list("user__email", "unit_id", "role"))


def _known(rows: Sequence[Row], *, member: Member) -> dict[str, Known]:
    named = {one_line(row.values["email"]).lower() for row in rows}
    people = User.objects.visible_to(member).filter(email__in=named)
    return {each.email: Known(each.full_name, each.nip, each.phone) for each in people}


def _enter_units(units: Sequence[NewUnit], *, tell: Tell, by: User, at: datetime) -> None:
    entered: dict[int, Unit] = {}
    known = Unit.objects.in_bulk([unit.parent_id for unit in units if unit.parent_id])
    for done, unit in enumerate(units):
        tell(done, total=len(units))
        parent = known.get(unit.parent_id) if unit.parent_id else None
        if unit.parent_row:
            parent = entered[unit.parent_row]
        entered[unit.row] = create_unit(
            name=unit.name,
            level=unit.level,
            parent=parent,
            abbr=unit.abbr,
            code=unit.code,
            kind=unit.kind,
            by=by,
            at=at,
        )


def _enter_members(members: Sequence[NewMember], *, tell: Tell, by: User, at: datetime) -> None:
    units = Unit.objects.in_bulk([member.unit_id for member in members])
    for done, member in enumerate(members):
        tell(done, total=len(members))
        person = register_person(
            member.email,
            full_name=member.full_name,
            nip=member.nip,
            phone=member.phone,
            by=by,
            at=at,
        )
        unit, role = units[member.unit_id], Membership.Role(member.role)
        grant_membership(person, unit=unit, role=role, by=by, at=at)
        invite_person(person, purpose=f"{role.label} - {unit.name}", by=by, at=at)
