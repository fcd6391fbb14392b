"""People. The audit trail names which personal data changed, never the data."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import mail
from accounts.audit import gathering, record
from accounts.identity import clean_nip, clean_phone
from accounts.models import Invitation, User
from accounts.services.memberships import end_membership
from kipp.lib.prepared import Statement


@transaction.atomic
def register_person(
    email: str,
    *,
    full_name: str,
    by: User | None,
    at: datetime,
    nip: str = "",
    phone: str = "",
) -> User:
    """The person with this e-mail; a new one waits for its owner and cannot log in yet."""
    known = User.objects.filter(email__iexact=email).first()
    if known:
        return known
    person = User(
        email=email.lower(),
        full_name=full_name,
        nip=clean_nip(nip),
        phone=clean_phone(phone),
        password=make_password(None),
    )
    person.full_clean()
    person.save(force_insert=True)
    record(by, "user.registered", person, at=at)
    return person


@transaction.atomic
def update_profile(
    user: User,
    *,
    full_name: str,
    nip: str,
    phone: str,
    language: str,
    by: User | None,
    at: datetime,
) -> None:
    wanted = {
        "full_name": full_name,
        "nip": clean_nip(nip),
        "phone": clean_phone(phone),
        "language": language,
    }
    changed = sorted(field for field, value in wanted.items() if getattr(user, field) != value)
    if not changed:
        return
    for field in changed:
        setattr(user, field, wanted[field])
    user.full_clean(exclude=["password"])
    user.save(update_fields=changed)
    record(by, "user.profile_changed", user, at=at, fields=changed)


@transaction.atomic
@gathering()
def deactivate_user(user: User, *, by: User | None, at: datetime, reason: str) -> None:
    """Log the person out for good and end every role in a unit."""
    if not User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
        raise ValidationError(_("This account is closed already."), code="not_now")
    for membership in user.memberships.current():
        end_membership(membership, by=by, at=at, reason=reason)
    Invitation.objects.usable_at(at).filter(email__iexact=user.email).update(revoked_at=at)
    user.is_active = False
    record(by, "user.deactivated", user, at=at, reason=reason)


@transaction.atomic
def reactivate_user(user: User, *, by: User | None, at: datetime, reason: str) -> None:
    """The person may log in again; roles are granted anew."""
    if not User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
        raise ValidationError(_("This account is open already."), code="not_now")
    user.is_active = True
    record(by, "user.reactivated", user, at=at, reason=reason)


@transaction.atomic
def require_mfa(user: User, *, by: User | None, at: datetime) -> None:
    """From now on the person needs a second factor. Called by whoever seats judges or committee."""
    if User.objects.filter(pk=user.pk, must_use_mfa=False).update(must_use_mfa=True):
        user.must_use_mfa = True
        record(by, "user.mfa_required", user, at=at)


@transaction.atomic
def reset_second_factor(user: User, *, by: User | None, at: datetime, reason: str) -> None:
    """For a lost phone: the password stays, and whoever holds the phone is signed out."""
    removed, _rows = Authenticator.objects.filter(user=user).delete()
    if not removed:
        raise ValidationError(_("This account has no second factor."), code="not_now")
    for session in UserSession.objects.filter(user=user):
        session.end()
    mail.send_later(
        "factor_reset",
        user,
        dedupe_key=f"factor_reset:{user.pk}:{at.isoformat()}",
        at=at,
        context={"by": by, "reason": reason},
        about=user,
    )
    record(by, "user.mfa_reset", user, at=at, reason=reason)


def list_session(user: User, *, key: str, ip: str, device: str, at: datetime) -> None:
    """Where the person is signed in, for the page that tells it; a key comes again as itself."""
    LISTING.ask(user=user.pk, key=key, ip=ip, device=device, at=at)


LISTING = Statement("""
INSERT INTO usersessions_usersession
    (user_id, session_key, ip, user_agent, data, created_at, last_seen_at)
VALUES (%(user)s, %(key)s, %(ip)s, %(device)s, '{}', %(at)s, %(at)s)
ON CONFLICT (session_key) DO UPDATE SET user_id = excluded.user_id, ip = excluded.ip,
    user_agent = excluded.user_agent, last_seen_at = excluded.last_seen_at
RETURNING id
""")
