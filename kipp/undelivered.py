"""What a competition told whom: its own mails, and the invitations that are its concern.

Its concern are the invitations of people whom it has seated, and those that failed of people who
are to write or endorse below its host: without a way in, nobody of that unit takes part.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet, TextField
from django.db.models.functions import Cast

from accounts.models import Invitation, Message
from competitions.models import CommitteeSeat, Competition
from judging.models import Panelist

INVITATION = "account_invitation"


def mails_of(competition: Competition) -> QuerySet[Message]:
    seated = CommitteeSeat.objects.filter(competition=competition).values("user")
    judges = Panelist.objects.filter(stage__competition=competition).values("user")
    invited = Q(kind=INVITATION) & (Q(recipient__in=seated) | Q(recipient__in=judges))
    return Message.objects.filter(Q(edition=competition.pk) | invited | _astray(competition))


def _astray(competition: Competition) -> Q:
    """Whoever has no account yet is no recipient, only an address."""
    waiting = Invitation.objects.filter(
        unit__path__startswith=competition.host.path, accepted_at=None, revoked_at=None
    )
    return Q(
        kind=INVITATION,
        status=Message.Status.FAILED,
        object_type="invitation",
        object_id__in=waiting.annotate(key=Cast("pk", TextField())).values("key"),
    )


def chosen_from(mails: QuerySet[Message], *, status: str = "", q: str = "") -> QuerySet[Message]:
    """Of this outcome, to readers with these letters in name or address."""
    if status:
        mails = mails.filter(status=status)
    if q:
        mails = mails.filter(Q(to_email__icontains=q) | Q(recipient__full_name__icontains=q))
    return mails


def failed_counts(competitions: Iterable[int]) -> dict[int, int]:
    """Mails of each competition that could not be delivered; none that has none."""
    failed = Message.objects.filter(edition__in=competitions, status=Message.Status.FAILED)
    rows = failed.order_by().values_list("edition").annotate(count=Count("pk"))
    return {edition: count for edition, count in rows if edition}
