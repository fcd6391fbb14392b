"""Mail is held back and let go: what is promised meanwhile waits in the outbox."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.delivery import hold_delivery


@transaction.atomic
def pause_mail(*, at: datetime) -> None:
    held = hold_delivery()
    if held.paused_at:
        raise ValidationError(_("Mail is paused already."), code="not_now")
    held.paused_at = at
    held.save(update_fields=["paused_at"])
    record(None, "mail.paused", held, at=at)


@transaction.atomic
def resume_mail(*, at: datetime) -> None:
    """Also at once towards a mail server that was left alone."""
    held = hold_delivery()
    if not held.is_held_at(at):
        raise ValidationError(_("Mail goes out already."), code="not_now")
    held.paused_at, held.resume_at, held.failures = None, None, 0
    held.save(update_fields=["paused_at", "resume_at", "failures"])
    record(None, "mail.resumed", held, at=at)
