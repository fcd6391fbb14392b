"""Who a provider's word about an e-mail address is: nobody is made up, whom nobody invited."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Invitation, User
from accounts.services.invitations import open_account


@transaction.atomic
def find_or_admit(email: str, *, name: str, is_verified: bool, at: datetime) -> User:
    """The account of a verified address, or the one that an open invitation promises it."""
    if not email or not is_verified:
        raise ValidationError(
            _("The provider does not confirm your e-mail address. Sign in with your password."),
            code="unverified",
        )
    person = User.objects.filter(email__iexact=email).first()
    if person is None:
        return _admit(email, name=name, at=at)
    if not person.is_active:
        raise ValidationError(_("The account of this address is closed."), code="inactive")
    return person


def _admit(email: str, *, name: str, at: datetime) -> User:
    usable = Invitation.objects.usable_at(at).select_related("unit", "user", "invited_by")
    invitation = usable.filter(email__iexact=email).order_by("-created_at").first()
    if invitation is None:
        raise ValidationError(
            _(
                "There is no account for %(email)s. Accounts are opened by invitation: ask the"
                " organizer, or the administrator of your agency."
            ),
            code="unknown",
            params={"email": email},
        )
    person = User(email=email, full_name=invitation.full_name or name or email.partition("@")[0])
    person.set_unusable_password()
    return open_account(invitation, person, at=at)
