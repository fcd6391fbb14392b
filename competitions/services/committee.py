"""Seats in the committee. Whoever has no account yet gets one, and an invitation to it."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit, mail
from accounts.models import User
from accounts.services import invite_person, register_person, require_mfa
from competitions.models import CommitteeSeat, Competition


@transaction.atomic
@audit.gathering()
def seat_person(
    competition: Competition, *, email: str, full_name: str, role: str, by: User, at: datetime
) -> CommitteeSeat:
    """Give the owner of the address a seat and tell them."""
    Competition.objects.select_for_update(no_key=True).get(pk=competition.pk)
    person = User.objects.filter(email__iexact=email).first()
    if person is None:
        person = register_person(email, full_name=full_name, by=by, at=at)
    seat = CommitteeSeat(competition=competition, user=person, role=role)
    seat.full_clean()
    seat.save(force_insert=True)
    require_mfa(person, by=by, at=at)
    invite_person(person, purpose=f"{seat.get_role_display()} {competition}", by=by, at=at)
    mail.send_later(
        "competition_seat_given",
        person,
        dedupe_key=f"competition_seat_given:{seat.pk}",
        at=at,
        context={"competition": competition, "seat": seat},
        about=competition,
    )
    audit.record(
        by,
        "competition.seat_given",
        competition,
        at=at,
        name=str(person),
        user=person.pk,
        role=role,
    )
    return seat


@transaction.atomic
def unseat_person(seat: CommitteeSeat, *, by: User, at: datetime) -> None:
    """Take a seat away; the last chair stays, or nobody could seat another one."""
    competition = Competition.objects.select_for_update(no_key=True).get(pk=seat.competition_id)
    chairs = competition.committee.filter(role=CommitteeSeat.Role.CHAIR)
    if seat.role == CommitteeSeat.Role.CHAIR and not chairs.exclude(pk=seat.pk).exists():
        raise ValidationError(
            _("The last chair stays. Seat another chair first."), code="last_chair"
        )
    CommitteeSeat.objects.filter(pk=seat.pk).delete()
    audit.record(
        by,
        "competition.seat_taken",
        competition,
        at=at,
        name=str(seat.user),
        user=seat.user_id,
        role=seat.role,
    )
