"""Ways in: single use, with an end. The token stands in the mail alone; here lies its hash."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts import mail
from accounts.audit import record
from accounts.identity import clean_nip, clean_phone
from accounts.models import Invitation, Unit, User
from accounts.services.memberships import grant_membership

LIFETIME = timedelta(days=14)
MAIL_KIND = "account_invitation"


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def find_invitation(token: str) -> Invitation | None:
    found = Invitation.objects.select_related("unit", "user", "invited_by")
    return found.filter(token_hash=digest(token)).first()


@transaction.atomic
def invite_member(
    unit: Unit, *, role: str, email: str, by: User, at: datetime, full_name: str = ""
) -> Invitation:
    """Invite the owner of an address into a unit; whoever has an account accepts it logged in."""
    validate_email(email)
    # The row lock makes a double click wait, so that the second one is told.
    place = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    if place.ended_on:
        raise ValidationError(_("This unit has ended."), code="ended")
    if place.memberships.current().filter(user__email__iexact=email, role=role).exists():
        raise ValidationError(_("This person has this role already."), code="member")
    if place.invitations.usable_at(at).filter(email__iexact=email, role=role).exists():
        raise ValidationError(
            _("This address is invited already. Send the invitation again instead."),
            code="invited",
        )
    invitation = Invitation(email=email.lower(), full_name=full_name, unit=place, role=role)
    return _issue(invitation, by=by, at=at)


@transaction.atomic
def invite_person(user: User, *, purpose: str, by: User, at: datetime) -> Invitation | None:
    """Let a registered person set a password; `purpose` says for what, e.g. "Juri KIPP 2026".

    None for whoever can log in already; an open invitation stays as it is.
    """
    person = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if person.has_usable_password():
        return None
    waiting = person.invitations.usable_at(at).first()
    if waiting:
        return waiting
    invitation = Invitation(
        email=person.email, full_name=person.full_name, user=person, purpose=purpose[:200]
    )
    return _issue(invitation, by=by, at=at)


@transaction.atomic
def resend_invitation(invitation: Invitation, *, by: User, at: datetime) -> None:
    """A new token and a new end; the link in the old mail stops working."""
    token = secrets.token_urlsafe(32)
    renewed = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None)
    if not renewed.update(token_hash=digest(token), expires_at=at + LIFETIME):
        raise ValidationError(_("This invitation is closed."), code="closed")
    invitation.refresh_from_db()
    mail.withdraw(invitation, kind=MAIL_KIND)
    _send(invitation, token=token, at=at)
    record(by, "invitation.resent", invitation, at=at)


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, by: User | None, at: datetime) -> None:
    open_still = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None)
    if not open_still.update(revoked_at=at):
        raise ValidationError(_("This invitation is closed."), code="closed")
    mail.withdraw(invitation, kind=MAIL_KIND)
    record(by, "invitation.revoked", invitation, at=at)


@transaction.atomic
def accept_invitation(
    invitation: Invitation,
    *,
    full_name: str,
    password: str,
    at: datetime,
    nip: str = "",
    phone: str = "",
) -> User:
    """Open the account that the invitation promises. Of two tabs one wins, the other is told."""
    _use(invitation, at=at)
    person = owner_of(invitation) or User(email=invitation.email)
    if not person.is_active:
        raise ValidationError(_("The account of this address is closed."), code="inactive")
    if person.pk and person.has_usable_password():
        raise ValidationError(
            _("There is an account for this address already. Log in to accept."),
            code="has_account",
        )
    person.full_name, person.nip, person.phone = full_name, clean_nip(nip), clean_phone(phone)
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise ValidationError({"password": error}) from error
    person.set_password(password)
    person.full_clean(validate_unique=False, validate_constraints=False)
    _save_once(person)
    _join(invitation, person, at=at)
    return person


@transaction.atomic
def open_account(invitation: Invitation, person: User, *, at: datetime) -> User:
    """Of somebody whose address is proved otherwise than by the invitation's link."""
    _use(invitation, at=at)
    person.full_clean(validate_unique=False, validate_constraints=False)
    _save_once(person)
    _join(invitation, person, at=at)
    return person


@transaction.atomic
def join_by_invitation(invitation: Invitation, *, by: User, at: datetime) -> None:
    """Accept with the account that one has: it must be the one that was invited."""
    if invitation.email.lower() != by.email.lower():
        raise ValidationError(
            _("This invitation is for another address than yours."), code="other_person"
        )
    _use(invitation, at=at)
    _join(invitation, by, at=at)


def owner_of(invitation: Invitation) -> User | None:
    """The account that the invitation is for, if there is one."""
    return invitation.user or User.objects.filter(email__iexact=invitation.email).first()


def _issue(invitation: Invitation, *, by: User, at: datetime) -> Invitation:
    token = secrets.token_urlsafe(32)
    invitation.token_hash = digest(token)
    invitation.invited_by = by
    invitation.created_at = at
    invitation.expires_at = at + LIFETIME
    invitation.full_clean()
    invitation.save(force_insert=True)
    _send(invitation, token=token, at=at)
    record(by, "invitation.sent", invitation, at=at, unit=invitation.unit_id, role=invitation.role)
    return invitation


def _send(invitation: Invitation, *, token: str, at: datetime) -> None:
    mail.send_later(
        MAIL_KIND,
        invitation.user or invitation.email,
        dedupe_key=f"{MAIL_KIND}:{invitation.token_hash}",
        at=at,
        context={"invitation": invitation, "token": token},
        about=invitation,
        expires_at=invitation.expires_at,
        is_secret=True,
    )


def _use(invitation: Invitation, *, at: datetime) -> None:
    """Spend it: the guarded update lets one transaction through."""
    usable = Invitation.objects.usable_at(at)
    same = usable.filter(pk=invitation.pk, token_hash=invitation.token_hash)
    if not same.update(accepted_at=at):
        raise ValidationError(_("This invitation has been used or has ended."), code="closed")


def _save_once(person: User) -> None:
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as error:  # another invitation of the same person was faster
        raise ValidationError(
            _("There is an account for this address already. Log in to accept."),
            code="has_account",
        ) from error


def _join(invitation: Invitation, person: User, *, at: datetime) -> None:
    unit, role = invitation.unit, invitation.role
    if unit and not person.memberships.current().filter(unit=unit, role=role).exists():
        grant_membership(person, unit=unit, role=role, by=invitation.invited_by or person, at=at)
    record(person, "invitation.accepted", invitation, at=at)
