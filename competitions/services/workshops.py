"""Seats, tickets, attendance and materials of a workshop."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit, mail
from accounts.models import Unit, User
from competitions import queries
from competitions.models import Attendee, Material, Workshop
from competitions.workflow import CompetitionStatus
from kipp.lib.files import hold_file


@transaction.atomic
def sign_up(workshop: Workshop, *, unit: Unit, full_name: str, by: User, at: datetime) -> Attendee:
    """Take a seat for a named person. The workshop's lock decides who gets the last one."""
    held = _hold(workshop)
    _check_open(held, unit=unit, at=at)
    _check_seats(held, unit=unit)
    attendee = Attendee(
        workshop=held,
        unit=unit,
        full_name=" ".join(full_name.split()),
        ticket=secrets.token_urlsafe(12),
        signed_up_by=by,
        signed_up_at=at,
    )
    attendee.full_clean()
    attendee.save(force_insert=True)
    mail.send_later(
        "workshop_signed_up",
        by,
        dedupe_key=f"workshop_signed_up:{attendee.pk}",
        at=at,
        context={
            "workshop": held,
            "competition": held.round.competition,
            "zone": held.round.competition.time_zone,
            "attendee": attendee,
        },
        about=held.round.competition,
        expires_at=queries.effective_end(held.round),
    )
    audit.record(
        by,
        "workshop.signed_up",
        held.round.competition,
        at=at,
        name=attendee.full_name,
        unit=unit.pk,
    )
    return attendee


@transaction.atomic
def cancel_sign_up(attendee: Attendee, *, by: User, at: datetime) -> None:
    """Give the seat back, as long as the person has not been there."""
    held = _hold(attendee.workshop)
    deleted, _rows = Attendee.objects.filter(pk=attendee.pk, attended_at=None).delete()
    if not deleted:
        raise ValidationError(
            _("The seat was given back already, or the person has attended."), code="stale"
        )
    audit.record(by, "workshop.cancelled", held.round.competition, at=at, name=attendee.full_name)


@transaction.atomic
def mark_attended(attendee: Attendee, *, by: User, at: datetime) -> bool:
    """Note that the person is here; False if that was noted before."""
    fresh = Attendee.objects.filter(pk=attendee.pk, attended_at=None)
    if not fresh.update(attended_at=at, marked_by=by):
        return False
    competition = attendee.workshop.round.competition
    audit.record(by, "workshop.attended", competition, at=at, name=attendee.full_name)
    return True


@transaction.atomic
def unmark_attended(attendee: Attendee, *, by: User, at: datetime) -> None:
    """Undo a mark made by mistake."""
    marked = Attendee.objects.filter(pk=attendee.pk, attended_at__isnull=False)
    if marked.update(attended_at=None, marked_by=None):
        competition = attendee.workshop.round.competition
        audit.record(by, "workshop.attendance_undone", competition, at=at, name=attendee.full_name)


@transaction.atomic
def add_material(material: Material, *, by: User, at: datetime) -> None:
    """A link, or a file that was checked and stored before."""
    material.full_clean()
    if material.sha256 and not hold_file(material.sha256):
        raise ValidationError(_("The file is gone. Choose it again."), code="lost")
    material.save(force_insert=True)
    competition = material.workshop.round.competition
    audit.record(by, "workshop.material_added", competition, at=at, title=material.title)


@transaction.atomic
def remove_material(material: Material, *, by: User, at: datetime) -> None:
    competition = material.workshop.round.competition
    Material.objects.filter(pk=material.pk).delete()
    audit.record(by, "workshop.material_removed", competition, at=at, title=material.title)


def _hold(workshop: Workshop) -> Workshop:
    held = Workshop.objects.select_for_update(of=["self"])
    return held.select_related("round__competition__host").get(pk=workshop.pk)


def _check_open(workshop: Workshop, *, unit: Unit, at: datetime) -> None:
    competition = workshop.round.competition
    if competition.status != CompetitionStatus.PUBLISHED or at >= queries.effective_end(
        workshop.round
    ):
        raise ValidationError(_("The sign-up for this workshop is closed."), code="closed")
    if not unit.is_within(competition.host) or unit.ended_on:
        raise ValidationError(
            _("The unit does not belong to the host of this competition."), code="foreign_unit"
        )


def _check_seats(workshop: Workshop, *, unit: Unit) -> None:
    if workshop.attendees.count() >= workshop.seats:
        raise ValidationError(_("The last seat has just been taken."), code="full")
    if workshop.attendees.filter(unit=unit).count() >= workshop.seats_per_unit:
        raise ValidationError(
            _("A unit sends at most %(count)d people; all its seats are taken.")
            % {"count": workshop.seats_per_unit},
            code="unit_full",
        )
