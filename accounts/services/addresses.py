"""A mail that cannot be delivered: another address, without giving an account away."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import Invitation, Message, Reception, User
from accounts.services.invitations import resend_invitation


@transaction.atomic
def correct_address(
    mail: Message, *, email: str, among: QuerySet[Message], by: User, at: datetime
) -> int:
    """Send its reader's mails to this address; return how many that failed go out again.

    An account that nobody has opened gets the address itself, and its invitation anew. One that is
    in use keeps the address that it signs in with, and mails with a token go there: whoever
    corrects an address must not be able to take the account over.
    """
    validate_email(email)
    held = User.objects.select_for_update(no_key=True, of=("self",)).get(mails=mail)
    if held.has_usable_password() or held.last_login:
        own = "" if email.lower() == held.email.lower() else email.lower()
        Reception.objects.update_or_create(user=held, defaults={"address": own})
        sent = 0
    else:
        sent = _move_account(held, email=email.lower(), by=by, at=at)
    again = among.filter(recipient=held, is_secret=False, status=Message.Status.FAILED)
    sent += again.filter(Q(expires_at=None) | Q(expires_at__gt=at)).update(
        status=Message.Status.QUEUED, due_at=at, attempts=0, to_email=email.lower()
    )
    record(by, "user.address_corrected", held, at=at, count=sent)
    return sent


def _move_account(person: User, *, email: str, by: User, at: datetime) -> int:
    """The link that went astray stops working; a new one goes to the right address."""
    others = User.objects.filter(email__iexact=email).exclude(pk=person.pk)
    if others.exists():
        raise ValidationError({"email": _("A person with this e-mail exists already.")})
    open_still = Invitation.objects.filter(user=person, accepted_at=None, revoked_at=None)
    open_still.update(email=email)
    person.email = email
    person.save(update_fields=["email"])
    for invitation in open_still.select_related("user", "unit", "invited_by"):
        resend_invitation(invitation, by=by, at=at)
    # The mails that failed held tokens that are void now.
    old = Message.objects.filter(recipient=person, is_secret=True, status=Message.Status.FAILED)
    old.update(status=Message.Status.EXPIRED, reason=Message.Reason.WITHDRAWN)
    return open_still.count()
