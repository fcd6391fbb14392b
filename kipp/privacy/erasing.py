"""A person leaves: the account becomes a number, what was decided stays, the trail still verifies.

Kept, because it is a result or its proof: the sealed submissions with the names of their teams,
names in the audit trail (its hashes cover them), attendance lists and released results.
"""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.hashers import make_password
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.audit import gathering, record
from accounts.models import Import, Invitation, Message, PastPassword, Reception, User
from accounts.services import deactivate_user
from competitions.models import CommitteeSeat
from competitions.workflow import CompetitionStatus
from judging.models import Panelist
from proposals.models import Proposal, TeamMember


@transaction.atomic
@gathering()
def erase_person(person: User, *, by: User | None, at: datetime, reason: str) -> None:
    """Raises ValidationError while a competition that is not archived needs the person."""
    held = User.objects.select_for_update().get(pk=person.pk)
    _require_free(held)
    if held.is_active:
        deactivate_user(held, by=by, at=at, reason=reason)
    email, nip = held.email, held.nip
    with override(settings.LANGUAGE_CODE):
        name = _("Erased person %(number)s") % {"number": held.pk}
    address = f"erased-{held.pk}@invalid.invalid"
    User.objects.filter(pk=held.pk).update(
        email=address,
        full_name=name,
        nip="",
        phone="",
        password=make_password(None),
        last_login=None,
        is_staff=False,
        is_superuser=False,
    )
    _forget_doors(held)
    _forget_mails(held, email=email, address=address)
    _forget_mentions(held, email=email, nip=nip, address=address, name=name)
    record(by, "user.erased", held, at=at, reason=reason)


def _require_free(person: User) -> None:
    seats = CommitteeSeat.objects.filter(user=person).exclude(
        competition__status=CompetitionStatus.ARCHIVED
    )
    panels = Panelist.objects.filter(user=person).exclude(
        stage__round__competition__status=CompetitionStatus.ARCHIVED
    )
    names = {seat.competition.name for seat in seats.select_related("competition")}
    names |= {
        panelist.stage.round.competition.name
        for panelist in panels.select_related("stage__round__competition")
    }
    if names:
        raise ValidationError(
            _("Still committee or judge of: %(names)s. Take the seat back or archive it first."),
            code="seated",
            params={"names": ", ".join(sorted(names))},
        )


def _forget_doors(person: User) -> None:
    for session in UserSession.objects.filter(user=person):
        session.end()
    UserSession.objects.filter(user=person).delete()
    Authenticator.objects.filter(user=person).delete()
    EmailAddress.objects.filter(user=person).delete()
    PastPassword.objects.filter(user=person).delete()


def _forget_mails(person: User, *, email: str, address: str) -> None:
    """A mail that has not gone out goes out no more."""
    mails = Message.objects.filter(recipient=person) | Message.objects.filter(
        to_email__iexact=email
    )
    waiting = mails.filter(status__in=[Message.Status.QUEUED, Message.Status.SENDING])
    waiting.update(status=Message.Status.EXPIRED, reason=Message.Reason.LEFT, lease_until=None)
    Reception.objects.filter(user=person).delete()
    mails.update(subject="", text="", html="", last_error="", to_email=address)


def _forget_mentions(person: User, *, email: str, nip: str, address: str, name: str) -> None:
    invitations = Invitation.objects.filter(email__iexact=email)
    (invitations | Invitation.objects.filter(user=person)).update(email=address, full_name="")
    Import.objects.filter(sent_by=person).update(content=b"")
    kind = ContentType.objects.get_for_model(User)
    entries = LogEntry.objects.filter(content_type=kind, object_id=str(person.pk))
    entries.update(object_repr=name, change_message="")
    if nip:
        # The sealed copy never had it; the letters that did are files of the unit.
        TeamMember.objects.filter(nip=nip).update(nip="", version=F("version") + 1)
        Proposal.objects.filter(signer_nip=nip).update(signer_nip="", version=F("version") + 1)
