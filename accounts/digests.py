"""The daily mail: everything that its reader wants together, gathered when its hour has struck.

A message waits until a daily mail holds it. When an hour was missed, the next sweep sends that mail
with everything that has come together meanwhile.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts.mail import promise, write_mail
from accounts.models import Message, User

# Which of these messages their readers still need, by primary key.
Wanted = Callable[[Collection[Message]], set[int]]


def gather_due(*, at: datetime, wanted_among: Wanted) -> int:
    """Write one mail for each reader whose hour has struck; return how many."""
    waiting = Message.objects.for_digest_at(at).order_by().values_list("recipient", flat=True)
    return sum(_gather(pk, at=at, wanted_among=wanted_among) for pk in waiting.distinct() if pk)


@transaction.atomic
def _gather(user_id: int, *, at: datetime, wanted_among: Wanted) -> int:
    """Whoever comes second waits for the first, and finds nothing left to gather."""
    waiting = (
        Message.objects.for_digest_at(at).filter(recipient=user_id).select_related("recipient")
    )
    items = list(waiting.order_by("created_at", "pk").select_for_update(of=("self",)))
    wanted = wanted_among(items)
    useful = [item for item in items if not _close_useless(item, at=at, wanted=wanted)]
    if not useful:
        return 0
    reader = User.objects.get(pk=user_id)
    # An item goes into one mail only, so the first names the mail.
    key = f"digest:{user_id}:{useful[0].pk}"
    context = {"items": [{"subject": i.subject, "text": _as_markdown(i.text)} for i in useful]}
    promise([write_mail("digest", reader, dedupe_key=key, at=at, context=context)])
    Message.objects.filter(pk__in=[item.pk for item in useful]).update(
        status=Message.Status.SENT,
        sent_at=at,
        carried_by=Message.objects.get(dedupe_key=key),
    )
    return 1


def _close_useless(item: Message, *, at: datetime, wanted: set[int]) -> bool:
    reason = why_not(item, at=at, wanted=wanted)
    if reason:
        Message.objects.filter(pk=item.pk).update(status=Message.Status.EXPIRED, reason=reason)
    return reason is not None


def why_not(message: Message, *, at: datetime, wanted: set[int]) -> Message.Reason | None:
    """Why nobody needs it any more."""
    if message.expires_at and message.expires_at <= at:
        return Message.Reason.LATE
    if message.pk in wanted:
        return None
    is_gone = message.recipient is not None and not message.recipient.is_active
    return Message.Reason.LEFT if is_gone else Message.Reason.DONE


def _as_markdown(text: str) -> str:
    """The text as it stands in a mail, with our own addresses as links again."""
    ours = re.escape(settings.SITE_URL)
    return re.sub(rf"^(.+): ({ours}/\S*)$", r"[\1](\2)", text, flags=re.MULTILINE)
