"""The lists of a proposal, its claims and its team: one way to add, change, remove and move."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User
from kipp.lib.text import one_line
from kipp.lib.twins import refuse_twin
from proposals.models import Claim, Proposal, TeamMember
from proposals.services.locks import lock_editable

Listed = Claim | TeamMember

# Far above what any real proposal has: more is a mistake or mischief.
MOST = {Claim: 30, TeamMember: 30}
NO_TEXT = frozenset({"order", "version", "saved_by", "saved_at"})
WORDS = {Claim: "claim", TeamMember: "member"}
STALE = _("Somebody else changed this line meanwhile. Yours is still in the form: compare, save.")
GONE = _("Somebody else removed this line meanwhile.")


@transaction.atomic
def add_line(line: Listed, *, by: User, at: datetime) -> None:
    """Put it at the end of its list; `line` is not saved yet."""
    lock_editable(line.proposal, parts=[target_of(line)])
    siblings = lines_of(line)
    if siblings.count() >= MOST[type(line)]:
        raise ValidationError(
            _("The list is full: %(count)d lines are the most."),
            code="full",
            params={"count": MOST[type(line)]},
        )
    line.order = (siblings.aggregate(last=models.Max("order"))["last"] or 0) + 1
    line.saved_by, line.saved_at = by, at
    _check(line)
    refuse_twin(line, among=siblings, apart_from=NO_TEXT)
    line.save(force_insert=True)
    _record("added", line, by=by, at=at)


@transaction.atomic
def change_line(line: Listed, *, version: int, by: User, at: datetime) -> None:
    """Save what was typed over the version that the person saw; code `stale` if it has changed."""
    lock_editable(line.proposal, parts=[target_of(line)])
    line.saved_by, line.saved_at = by, at
    _check(line)
    values = {
        field.attname: getattr(line, field.attname)
        for field in line._meta.concrete_fields
        if not field.primary_key and field.name not in {"proposal", "order", "version"}
    }
    if not _seen(line, version=version).update(**values, version=F("version") + 1):
        raise _overtaken(line)
    line.version = version + 1
    _record("changed", line, by=by, at=at)


@transaction.atomic
def remove_line(line: Listed, *, version: int, by: User, at: datetime) -> None:
    lock_editable(line.proposal, parts=[target_of(line)])
    deleted, _rows = _seen(line, version=version).delete()
    if not deleted:
        raise _overtaken(line)
    _record("removed", line, by=by, at=at)


def move_line_up(line: Listed, *, version: int, by: User, at: datetime) -> None:
    """Change places with the line above; the first one stays where it is."""
    _move(line, -1, version=version, by=by, at=at)


def move_line_down(line: Listed, *, version: int, by: User, at: datetime) -> None:
    """Change places with the line below; the last one stays where it is."""
    _move(line, 1, version=version, by=by, at=at)


@transaction.atomic
def _move(line: Listed, step: int, *, version: int, by: User, at: datetime) -> None:
    """Moving changes no text: the version stays, so that whoever is writing is not overtaken."""
    lock_editable(line.proposal, parts=[target_of(line)])
    rows = list(lines_of(line))
    place = next((place for place, row in enumerate(rows) if row.pk == line.pk), None)
    if place is None or rows[place].version != version:
        raise _overtaken(line)
    if not 0 <= place + step < len(rows):
        return
    rows.insert(place + step, rows.pop(place))
    for order, row in enumerate(rows, start=1):
        if row.order != order:
            type(line)._default_manager.filter(pk=row.pk).update(order=order)
    _record("moved", line, by=by, at=at)


def target_of(line: Listed) -> str:
    return f"list:{WORDS[type(line)]}"


def lines_of(line: Listed) -> models.QuerySet[Any]:
    """The list that the line stands in, in its order."""
    return type(line)._default_manager.filter(proposal=line.proposal_id)


def _check(line: Listed) -> None:
    for field in line._meta.concrete_fields:
        value = getattr(line, field.attname)
        if isinstance(value, str):
            setattr(line, field.attname, one_line(value))
    if isinstance(line, Claim):
        _require_own_source(line, proposal=line.proposal)
    line.clean_fields(exclude={"proposal", "source", "saved_by"})
    line.validate_constraints()


def _require_own_source(claim: Claim, *, proposal: Proposal) -> None:
    if claim.source_id is None:
        return
    if not proposal.attachments.filter(pk=claim.source_id).exists():
        raise ValidationError(
            {"source": _("Choose one of the files of this proposal.")}, code="foreign"
        )


def _seen(line: Listed, *, version: int) -> models.QuerySet[Any]:
    return lines_of(line).filter(pk=line.pk, version=version)


def _overtaken(line: Listed) -> ValidationError:
    is_there = lines_of(line).filter(pk=line.pk).exists()
    return ValidationError(STALE if is_there else GONE, code="stale")


def _record(what: str, line: Listed, *, by: User, at: datetime) -> None:
    """The trail names the line, never an NIP."""
    word = WORDS[type(line)]
    record(by, f"proposal.{word}_{what}", line.proposal, at=at, name=str(line))
