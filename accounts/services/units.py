"""The unit tree: who stands below whom, and what became of a unit that ended."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import gathering, record
from accounts.levels import PARENT_LEVELS
from accounts.models import Membership, Unit, User
from accounts.services.memberships import grant_membership

# One tree: whoever changes its shape holds this lock until the transaction ends.
TREE_LOCK = 0x554E4954


def lock_tree() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TREE_LOCK])


@transaction.atomic
def create_unit(
    *,
    name: str,
    level: str,
    by: User | None,
    at: datetime,
    parent: Unit | None = None,
    abbr: str = "",
    code: str = "",
    kind: str = "",
    started_on: date | None = None,
) -> Unit:
    lock_tree()
    above = _fresh(parent)
    _check_place(level, above)
    unit = Unit(
        name=name,
        level=level,
        parent=above,
        abbr=abbr,
        code=code,
        kind=kind,
        started_on=started_on,
    )
    unit.full_clean(exclude=["path"])
    unit.save(force_insert=True)
    unit.path = f"{above.path if above else '/'}{unit.pk}/"
    unit.save(update_fields=["path"])
    record(by, "unit.created", unit, at=at, name=name, parent=above.pk if above else None)
    return unit


@transaction.atomic
def change_unit(
    unit: Unit,
    *,
    version: int,
    name: str,
    by: User | None,
    at: datetime,
    abbr: str = "",
    code: str = "",
    kind: str = "",
) -> None:
    """Rename or describe anew. `version` is the one that the person saw."""
    lock_tree()
    unit = Unit.objects.get(pk=unit.pk)
    _check_exists(unit)
    wanted = {"name": name, "abbr": abbr, "code": code, "kind": kind}
    changes = {field: value for field, value in wanted.items() if getattr(unit, field) != value}
    if not changes:
        return
    before = {field: getattr(unit, field) for field in changes}
    for field, value in changes.items():
        setattr(unit, field, value)
    unit.full_clean(exclude=["path"])
    guarded = Unit.objects.filter(pk=unit.pk, version=version)
    if not guarded.update(version=F("version") + 1, **changes):
        raise ValidationError(
            _("Somebody else has changed this unit meanwhile. Compare before you save."),
            code="stale",
        )
    record(by, "unit.changed", unit, at=at, before=before, after=changes)


@transaction.atomic
def move_unit(unit: Unit, *, to: Unit, by: User | None, at: datetime) -> None:
    """Hang the unit and all below it under another one."""
    lock_tree()
    unit, above = Unit.objects.get(pk=unit.pk), Unit.objects.get(pk=to.pk)
    _check_exists(unit)
    if above.is_within(unit):
        raise ValidationError(_("A unit cannot stand below itself."), code="loop")
    _check_place(unit.level, above)
    if unit.parent_id == above.pk:
        return
    before, old_path, new_path = unit.parent_id, unit.path, f"{above.path}{unit.pk}/"
    unit.parent = above
    unit.full_clean(exclude=["path"])
    Unit.objects.filter(pk=unit.pk).update(parent=above, version=F("version") + 1)
    Unit.objects.within(unit).update(
        path=Concat(Value(new_path), Substr("path", len(old_path) + 1))
    )
    record(by, "unit.moved", unit, at=at, before=before, after=above.pk)


@transaction.atomic
@gathering()
def end_unit(
    unit: Unit, *, on: date, by: User | None, at: datetime, successor: Unit | None = None
) -> None:
    """The unit takes no more part; its people go on in the successor and still see what was."""
    lock_tree()
    unit, heir = Unit.objects.select_for_update().get(pk=unit.pk), _fresh(successor)
    _check_exists(unit)
    _check_heir(unit, heir)
    if unit.children.filter(ended_on=None).exists():
        raise ValidationError(
            _("Units still stand below this one. Move or end them first."), code="has_children"
        )
    if on > timezone.localtime(at).date():
        raise ValidationError(
            _("The end lies in the future. End the unit on that day."), code="future"
        )
    if unit.started_on and on < unit.started_on:
        raise ValidationError(_("The end lies before the beginning."), code="before_start")
    Unit.objects.filter(pk=unit.pk).update(ended_on=on, successor=heir, version=F("version") + 1)
    unit.invitations.usable_at(at).update(revoked_at=at)
    record(by, "unit.ended", unit, at=at, on=on.isoformat(), successor=heir.pk if heir else None)
    if heir:
        _carry_over(unit, heir, by=by, at=at)


@transaction.atomic
@gathering()
def name_successor(unit: Unit, *, successor: Unit, by: User | None, at: datetime) -> None:
    """For a unit that ended without one; what follows is what follows at an end."""
    lock_tree()
    unit, heir = Unit.objects.select_for_update().get(pk=unit.pk), _fresh(successor)
    if not unit.ended_on:
        raise ValidationError(_("This unit has not ended."), code="not_ended")
    if unit.successor_id:
        raise ValidationError(_("This unit has a successor already."), code="has_successor")
    _check_heir(unit, heir)
    Unit.objects.filter(pk=unit.pk).update(successor=heir, version=F("version") + 1)
    record(by, "unit.succeeded", unit, at=at, successor=successor.pk, name=successor.name)
    _carry_over(unit, successor, by=by, at=at)


def _carry_over(unit: Unit, heir: Unit, *, by: User | None, at: datetime) -> None:
    held = set(heir.memberships.current().values_list("user_id", "role"))
    for membership in unit.memberships.current().select_related("user"):
        if (membership.user_id, membership.role) not in held:
            role = Membership.Role(membership.role)
            grant_membership(membership.user, unit=heir, role=role, by=by, at=at)


def _fresh(unit: Unit | None) -> Unit | None:
    """As it stands now that the tree is locked."""
    return Unit.objects.get(pk=unit.pk) if unit else None


def _check_exists(unit: Unit) -> None:
    if unit.ended_on:
        raise ValidationError(_("This unit has ended."), code="ended")


def _check_heir(unit: Unit, heir: Unit | None) -> None:
    if heir is None:
        return
    _check_exists(heir)
    if heir.is_within(unit):
        raise ValidationError(_("The successor is another unit."), code="own_heir")


def _check_place(level: str, above: Unit | None) -> None:
    if above is None:
        if level != Unit.Level.GOVERNMENT:
            raise ValidationError(_("Say where this unit belongs."), code="no_parent")
        return
    _check_exists(above)
    if above.level not in PARENT_LEVELS.get(level, frozenset()):
        raise ValidationError(
            _("A unit of this level cannot stand below %(parent)s."),
            code="wrong_level",
            params={"parent": above.name},
        )
